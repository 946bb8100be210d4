package io.micado.provider.jclouds;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A cloud's API that a subclass plays, with its requests written down by operation, and with faults: an operation is answered by something else
 * and not carried out, or is carried out and then answered by something else. Thread-safe.
 */
abstract class FakeApi implements AutoCloseable {
    /** Every request so far, by the name of its operation. */
    final List<String> operations = new CopyOnWriteArrayList<>();

    private final Map<String, ResponseDefinitionBuilder> instead = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<ResponseDefinitionBuilder>> afterwards = new ConcurrentHashMap<>();
    private final WireMockServer server;
    private volatile int latencyMillis;

    FakeApi() {
        server = new WireMockServer(WireMockConfiguration.options()
                .dynamicPort()
                .dynamicHttpsPort()
                .bindAddress("127.0.0.1")
                .disableRequestJournal()
                .containerThreads(60)
                .extensions(new Transformer()));
        server.start();
        server.stubFor(any(anyUrl()).willReturn(aResponse()));
    }

    /** {@return what the operation of a request is called} */
    abstract String operation(Request request);

    /** Carries out an operation. */
    abstract ResponseDefinitionBuilder carryOut(String operation, Request request);

    String http() {
        return "http://127.0.0.1:" + server.port();
    }

    String https() {
        return "https://127.0.0.1:" + server.httpsPort();
    }

    /** Answers an operation by something else, without carrying it out. */
    void answer(String operation, ResponseDefinitionBuilder answer) {
        instead.put(operation, answer);
    }

    /** Carries out an operation, and spoils its answer. */
    void spoil(String operation, UnaryOperator<ResponseDefinitionBuilder> spoiler) {
        afterwards.put(operation, spoiler);
    }

    /** Lets every answer take that long. */
    void latency(int millis) {
        latencyMillis = millis;
    }

    /** Ends all faults. */
    void heal() {
        instead.clear();
        afterwards.clear();
    }

    long count(String operation) {
        return operations.stream().filter(operation::equals).count();
    }

    @Override
    public void close() {
        server.stop();
    }

    private final class Transformer implements ResponseDefinitionTransformerV2 {
        @Override
        public String getName() {
            return "fake";
        }

        @Override
        public ResponseDefinition transform(ServeEvent event) {
            String operation = operation(event.getRequest());
            operations.add(operation);
            ResponseDefinitionBuilder answer = instead.get(operation);
            if (answer == null) {
                answer = carryOut(operation, event.getRequest());
                UnaryOperator<ResponseDefinitionBuilder> spoiler = afterwards.get(operation);
                answer = spoiler == null ? answer : spoiler.apply(answer);
            }
            if (latencyMillis > 0) {
                answer.withFixedDelay(latencyMillis);
            }
            return answer.build();
        }
    }
}
