package io.micado.provider.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpOptions;
import io.micado.provider.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the healthy instances of a service by a Consul agent, for {@link PrometheusServers}; confined to its reader. It asks on a thread of
 * its own and goes on with what it heard last, so that a Consul that is slow, down or without a leader costs nothing once it has
 * answered.
 */
final class ConsulLookup implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final String service;
    private final Duration anew;
    private final HttpClient agent;
    private final PluginContext context;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;
    private List<String> known = List.of();
    private @Nullable CompletableFuture<Answer> asked;
    private long askedAt;
    private String problem = "";

    /** What came of a question. */
    private record Answer(List<String> places, String problem) {}

    /**
     * Asks nobody yet.
     *
     * @param anew how often it is asked
     */
    ConsulLookup(String service, HttpOptions.Builder agent, Duration anew, PluginContext context) {
        this.service = service;
        this.anew = anew;
        this.context = context;
        timekeeper = context.timekeeper();
        executor = timekeeper.boundedExecutor("consul-lookup", 1);
        this.agent = HttpClient.open(
                agent.connectTimeout(CONNECT_TIMEOUT)
                        .loggerName(context.loggerName())
                        .failures(new ConsulFailures())
                        .build(),
                timekeeper);
    }

    /**
     * {@return host and port of each healthy instance, as it was heard last}
     *
     * @param wait how long to wait for the answer when nothing is known yet
     */
    List<String> places(Duration wait) {
        long now = timekeeper.nanoTime();
        if (asked == null && (known.isEmpty() || now - askedAt >= anew.toNanos())) {
            CompletableFuture<Answer> question = new CompletableFuture<>();
            asked = question;
            askedAt = now;
            executor.submit(() -> question.complete(ask()));
        }
        if (asked != null && known.isEmpty()) {
            timekeeper.await(asked, wait);
        }
        if (asked != null && asked.isDone()) {
            take(asked.join());
            asked = null;
        }
        return known;
    }

    private void take(Answer answer) {
        // Nobody healthy is more likely a mistake of Consul's than the truth: the servers themselves will tell.
        known = answer.places().isEmpty() ? known : answer.places();
        if (!answer.problem().isEmpty() && !answer.problem().equals(problem)) {
            context.warnings().accept(answer.problem());
        }
        problem = answer.problem();
    }

    private Answer ask() {
        try {
            JsonNode instances = agent.call(HttpRequest.get("/v1/health/service/{}", service)
                            .query("passing", "true")
                            .deadline(PATIENCE))
                    .json();
            List<String> places = new ArrayList<>();
            for (JsonNode instance : instances) {
                String own = instance.path("Service").path("Address").asText("");
                String host =
                        own.isEmpty() ? instance.path("Node").path("Address").asText("") : own;
                int port = instance.path("Service").path("Port").asInt();
                places.add((host.contains(":") ? "[" + host + "]" : host) + ":" + port);
            }
            places.sort(null);
            return new Answer(
                    List.copyOf(places),
                    places.isEmpty() ? "Consul knows no healthy instance of the service \"" + service + "\"" : "");
        } catch (MicadoException e) {
            return new Answer(
                    List.of(), "Consul does not tell where the service \"" + service + "\" is: " + e.getMessage());
        }
    }

    /** {@return why nothing is known; empty when it is not known either} */
    String problem() {
        return problem;
    }

    @Override
    public void close() {
        agent.close();
        executor.close();
    }
}
