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
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One or several Prometheus servers that know the same, of which one is asked at a time: the one that answered last. Where they are is
 * set, or told by Consul. Called by {@link PrometheusMetrics} on several threads. Thread-safe.
 */
final class PrometheusServers implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final PrometheusPlaces places;
    private final Optional<ConsulLookup> lookup;
    private final Timekeeper timekeeper;
    private final PluginContext context;
    private final AtomicInteger current = new AtomicInteger();
    private volatile List<Server> servers;

    /** A server, and how it is called. */
    private record Server(String place, HttpClient client) {}

    PrometheusServers(PrometheusPlaces places, Duration interval, PluginContext context) {
        this.places = places;
        this.context = context;
        timekeeper = context.timekeeper();
        lookup = places.consul().map(consul -> new ConsulLookup(consul.service(), consul.agent(), interval, context));
        servers = places.known().stream().map(this::open).toList();
    }

    private Server open(HttpOptions.Builder server) {
        HttpOptions options = server.connectTimeout(CONNECT_TIMEOUT)
                .loggerName(context.loggerName())
                .failures(PrometheusServers::failure)
                .build();
        return new Server(
                options.endpoint().map(URI::toString).orElse("the server"), HttpClient.open(options, timekeeper));
    }

    /**
     * Learns where the servers are now, before they are asked; by the reader alone.
     *
     * @param end as {@link #query} takes it
     */
    void locate(long end) {
        lookup.ifPresent(consul ->
                follow(consul.places(Duration.ofNanos(Math.max(0, (end - timekeeper.nanoTime()) / 2)))));
    }

    private void follow(List<String> found) {
        List<String> addresses = found.stream().map(places::address).toList();
        List<Server> before = servers;
        if (before.stream().map(Server::place).toList().equals(addresses)) {
            return;
        }
        List<Server> now = new ArrayList<>();
        for (String address : addresses) {
            now.add(before.stream()
                    .filter(server -> server.place().equals(address))
                    .findFirst()
                    .orElseGet(() -> open(places.options(address))));
        }
        servers = List.copyOf(now);
        before.stream()
                .filter(server -> !now.contains(server))
                .forEach(server -> server.client().close());
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
        return ask("/api/v1/query", Map.of("query", query), PrometheusAnswer::of, end);
    }

    /**
     * {@return the answer of the first server that has one, of times on its own clock}
     *
     * @param from the first time
     * @param to the last time
     * @param end when it has to be there, on our clock that does not jump, in nanoseconds
     * @throws MicadoException as {@link #query} does
     */
    PrometheusRange range(String query, Instant from, Instant to, Duration step, long end) {
        Map<String, String> parameters = Map.of(
                "query", query,
                "start", seconds(from.toEpochMilli()),
                "end", seconds(to.toEpochMilli()),
                "step", seconds(step.toMillis()));
        return ask("/api/v1/query_range", parameters, PrometheusRange::of, end);
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }

    private <T> T ask(String path, Map<String, String> parameters, Function<HttpResponse, T> reader, long end) {
        List<Server> all = servers;
        if (all.isEmpty()) {
            throw new MicadoException(
                    ErrorKind.TRANSIENT,
                    lookup.map(ConsulLookup::problem)
                            .filter(problem -> !problem.isEmpty())
                            .orElse("Consul has not told yet where it is"));
        }
        int first = current.get() % all.size();
        @Nullable MicadoException last = null;
        for (int tried = 0; tried < all.size(); tried++) {
            Duration left = Duration.ofNanos((end - timekeeper.nanoTime()) / (all.size() - tried));
            if (left.compareTo(Duration.ofMillis(1)) < 0
                    || Thread.currentThread().isInterrupted()) {
                break;
            }
            int index = (first + tried) % all.size();
            try {
                T answer = reader.apply(all.get(index).client().call(request(path, parameters, left)));
                if (tried > 0 && current.getAndSet(index) != index) {
                    context.warnings()
                            .accept(all.get(index).place() + " is asked now, because "
                                    + all.get(first).place() + " does not answer: "
                                    + (last == null ? "" : last.getMessage()));
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

    private static HttpRequest request(String path, Map<String, String> parameters, Duration deadline) {
        StringBuilder form = new StringBuilder();
        new TreeMap<>(parameters)
                .forEach((key, value) -> form.append(key)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                        .append('&'));
        form.append("timeout=").append(Math.max(1, deadline.toMillis())).append("ms");
        return HttpRequest.post(path)
                .header("Accept", "application/json")
                .body("application/x-www-form-urlencoded", form.toString())
                .deadline(deadline);
    }

    /** {@return the clients, the preferred one first} */
    List<HttpClient> clients() {
        return servers.stream().map(Server::client).toList();
    }

    /** Asks another server the next time, because this one knows nothing. */
    void passOver() {
        current.updateAndGet(index -> (index + 1) % Math.max(1, servers.size()));
    }

    @Override
    public void close() {
        clients().forEach(HttpClient::close);
        lookup.ifPresent(ConsulLookup::close);
    }
}
