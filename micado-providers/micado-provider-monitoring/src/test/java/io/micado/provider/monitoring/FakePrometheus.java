package io.micado.provider.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Prometheus server that knows series, and answers the queries of the source with them. Its clock can be ahead of ours. Thread-safe.
 */
final class FakePrometheus implements AutoCloseable {
    private static final Pattern MARKED = Pattern.compile("\"micado_target\", \"([^\"]*)\"");

    /** One series: its labels as JSON, and its value as Prometheus writes it. */
    record One(String labels, String value) {}

    final List<One> tasks = Collections.synchronizedList(new ArrayList<>());
    final List<One> nodes = Collections.synchronizedList(new ArrayList<>());
    final Map<String, String> targets = new ConcurrentHashMap<>();
    final List<String> past = Collections.synchronizedList(new ArrayList<>());
    final List<Map<String, String>> ranges = Collections.synchronizedList(new ArrayList<>());
    /** The value of every point of the past; empty for its time. */
    volatile String pastValue = "";

    volatile Instant pastBegins = Instant.EPOCH;
    final List<String> queries = Collections.synchronizedList(new ArrayList<>());
    final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    volatile UnaryOperator<String> answers = this::answer;
    volatile int status = 200;
    volatile int reloadStatus = 200;
    volatile int reloads;
    volatile Duration ahead = Duration.ZERO;
    volatile Duration latency = Duration.ZERO;
    volatile String warning = "";

    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    FakePrometheus() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/api/v1/query", this::query);
        server.createContext("/api/v1/query_range", this::range);
        server.createContext("/-/reload", this::reload);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Instant now() {
        return Instant.now().plus(ahead);
    }

    private String seconds(Instant at) {
        return String.format(java.util.Locale.ROOT, "%.3f", at.toEpochMilli() / 1000.0);
    }

    void task(String id, double cpu, double memory, Duration age) {
        add(tasks, "\"container_label_com_docker_swarm_task_id\":\"" + id + "\"", cpu, memory, age);
    }

    void node(String labels, double cpu, double memory, double disk, Duration age) {
        add(nodes, labels, cpu, memory, age);
        nodes.add(new One(labels + ",\"micado_what\":\"disk\"", Double.toString(disk)));
    }

    private void add(List<One> to, String labels, double cpu, double memory, Duration age) {
        to.add(new One(labels + ",\"micado_what\":\"cpu\"", Double.toString(cpu)));
        to.add(new One(labels + ",\"micado_what\":\"memory\"", Double.toString(memory)));
        to.add(new One(labels + ",\"micado_what\":\"seen\"", seconds(now().minus(age))));
    }

    private String answer(String query) {
        if (query.equals("time()")) {
            return "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[" + seconds(now()) + ",\""
                    + seconds(now()) + "\"]}}";
        }
        if (query.contains("container_memory_working_set_bytes")) {
            return vector(List.copyOf(tasks));
        }
        if (query.contains("node_memory_MemTotal_bytes")) {
            return vector(List.copyOf(nodes));
        }
        List<One> found = new ArrayList<>();
        Matcher marked = MARKED.matcher(query);
        while (marked.find()) {
            String value = targets.get(marked.group(1));
            if (value != null) {
                found.add(new One("\"micado_target\":\"" + marked.group(1) + "\"", value));
            }
        }
        if (found.isEmpty()) {
            targets.forEach((target, value) -> found.add(new One("\"service\":\"" + target + "\"", value)));
        }
        return vector(found);
    }

    String vector(List<One> series) {
        return "{\"status\":\"success\"," + (warning.isEmpty() ? "" : "\"warnings\":[\"" + warning + "\"],")
                + "\"data\":{\"resultType\":\"vector\",\"result\":["
                + series.stream()
                        .map(one -> "{\"metric\":{" + one.labels() + "},\"value\":[" + seconds(now()) + ",\""
                                + one.value() + "\"]}")
                        .collect(Collectors.joining(","))
                + "]}}";
    }

    private void query(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = URLDecoder.decode(form.replaceAll("^query=|&timeout=.*$", ""), StandardCharsets.UTF_8);
        queries.add(query);
        authorizations.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse(""));
        pause();
        send(exchange, status, answers.apply(query));
    }

    /** Each series of {@link #past} has a point at each step; the newest is no number. */
    private void range(HttpExchange exchange) throws IOException {
        Map<String, String> form = new HashMap<>();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : body.split("&")) {
            form.put(
                    pair.substring(0, pair.indexOf('=')),
                    URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
        }
        ranges.add(form);
        long step = Math.round(1000 * Double.parseDouble(form.get("step")));
        long from = Math.round(1000 * Double.parseDouble(form.get("start")));
        long to = Math.round(1000 * Double.parseDouble(form.get("end")));
        if ((to - from) / step > 11_000) {
            send(
                    exchange,
                    400,
                    "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"exceeded maximum resolution\"}");
        } else if (from < pastBegins.toEpochMilli()) {
            send(exchange, 503, "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"no blocks\"}");
        } else {
            StringBuilder points = new StringBuilder();
            for (long at = from; at <= to; at += step) {
                String time = seconds(Instant.ofEpochMilli(at));
                String value = at == to ? "NaN" : pastValue.isEmpty() ? time : pastValue;
                points.append(at == from ? "" : ",").append("[" + time + ",\"" + value + "\"]");
            }
            send(
                    exchange,
                    status,
                    "{\"status\":\"success\"," + (warning.isEmpty() ? "" : "\"warnings\":[\"" + warning + "\"],")
                            + "\"data\":{\"resultType\":\"matrix\",\"result\":["
                            + past.stream()
                                    .map(labels -> "{\"metric\":{" + labels + "},\"values\":[" + points + "]}")
                                    .collect(Collectors.joining(","))
                            + "]}}");
        }
    }

    private void pause() {
        try {
            // Ends early when the test does.
            closed.await(latency.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload(HttpExchange exchange) throws IOException {
        synchronized (this) {
            reloads++;
        }
        send(exchange, reloadStatus, "");
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** {@return what a real server answered once} */
    static String recorded(String name) {
        try (var in = FakePrometheus.class.getResourceAsStream("prometheus-query-" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
