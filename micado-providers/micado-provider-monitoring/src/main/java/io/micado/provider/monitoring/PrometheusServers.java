package io.micado.provider.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.Timekeeper;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpOptions;
import io.micado.provider.http.HttpRequest;
import io.micado.provider.http.HttpResponse;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One or several Prometheus servers that know the same, of which one is asked at a time: the one that answered last. Called by {@link
 * PrometheusMetrics} on several threads. Thread-safe.
 */
final class PrometheusServers implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final List<HttpClient> clients = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private final Timekeeper timekeeper;
    private final PluginContext context;
    private final AtomicInteger current = new AtomicInteger();

    PrometheusServers(List<HttpOptions.Builder> servers, PluginContext context) {
        this.context = context;
        timekeeper = context.timekeeper();
        for (HttpOptions.Builder server : servers) {
            HttpOptions options = server.connectTimeout(CONNECT_TIMEOUT)
                    .loggerName(context.loggerName())
                    .failures(PrometheusServers::failure)
                    .build();
            clients.add(HttpClient.open(options, timekeeper));
            places.add(options.endpoint().map(URI::toString).orElse("the server"));
        }
    }

    private static MicadoException failure(HttpResponse answer) {
        JsonNode body = answer.jsonIfAny().orElse(null);
        String said = body == null || body.path("error").asText().isEmpty()
                ? ""
                : body.path("errorType").asText() + ": " + body.path("error").asText();
        return answer.failure(said);
    }

    /**
     * {@return the answer of the first server that has one}
     *
     * @param end when it has to be there, on our clock that does not jump, in nanoseconds
     * @throws MicadoException of kind {@code CONFIGURATION} when the query is wrong, else when no server answers
     */
    PrometheusAnswer query(String query, long end) {
        int first = current.get();
        @Nullable MicadoException last = null;
        for (int tried = 0; tried < clients.size(); tried++) {
            Duration left = Duration.ofNanos((end - timekeeper.nanoTime()) / (clients.size() - tried));
            if (left.compareTo(Duration.ofMillis(1)) < 0
                    || Thread.currentThread().isInterrupted()) {
                break;
            }
            int index = (first + tried) % clients.size();
            try {
                PrometheusAnswer answer = PrometheusAnswer.of(clients.get(index).call(request(query, left)));
                if (tried > 0 && current.compareAndSet(first, index)) {
                    context.warnings()
                            .accept(places.get(index) + " is asked now, because " + places.get(first)
                                    + " does not answer: " + (last == null ? "" : last.getMessage()));
                }
                return answer;
            } catch (MicadoException e) {
                if (e.kind() == ErrorKind.CONFIGURATION) {
                    throw e; // it is the query that is wrong, everywhere
                }
                last = e;
            }
        }
        throw last == null ? new MicadoException(ErrorKind.TRANSIENT, "its turn did not come in time") : last;
    }

    private static HttpRequest request(String query, Duration deadline) {
        return HttpRequest.post("/api/v1/query")
                .header("Accept", "application/json")
                .body(
                        "application/x-www-form-urlencoded",
                        "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&timeout="
                                + Math.max(1, deadline.toMillis()) + "ms")
                .deadline(deadline);
    }

    /** {@return the clients, the preferred one first} */
    List<HttpClient> clients() {
        return List.copyOf(clients);
    }

    /** Asks another server the next time, because this one knows nothing. */
    void passOver() {
        current.updateAndGet(index -> (index + 1) % clients.size());
    }

    @Override
    public void close() {
        clients.forEach(HttpClient::close);
    }
}
