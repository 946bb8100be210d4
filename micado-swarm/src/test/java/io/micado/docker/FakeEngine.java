package io.micado.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Docker Engine of a few routes on a TCP port of this machine, which remembers every call. Thread-safe; later routes win over
 * earlier ones.
 */
public final class FakeEngine implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern VERSION_PREFIX = Pattern.compile("^/v[0-9.]+");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake engine");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Route> routes = new CopyOnWriteArrayList<>();
    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** One call as it arrived: method, path without the version, decoded query, and body. */
    public record Call(String method, String path, String query, byte[] body, String version) {
        public JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return method + " " + path + (query.isEmpty() ? "" : "?" + query);
        }
    }

    /** An answer. */
    public record Answer(int status, String body) {
        public static Answer ok(String json) {
            return new Answer(200, json);
        }

        public static Answer error(int status, String message) {
            return new Answer(
                    status, MAPPER.createObjectNode().put("message", message).toString());
        }
    }

    /** Answers a call, or returns empty to hang until the engine is closed. */
    @FunctionalInterface
    public interface Handler {
        Optional<Answer> handle(Call call, Matcher path) throws IOException;
    }

    private record Route(String method, Pattern path, Handler handler) {}

    public FakeEngine() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        answer("GET", "/version", Answer.ok("{\"ApiVersion\":\"1.41\"}"));
        server.start();
    }

    public URI uri() {
        return URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
    }

    public DockerConnection connection() {
        return new DockerConnection(uri(), Optional.empty(), true, Duration.ofSeconds(5));
    }

    public FakeEngine on(String method, String pathRegex, Handler handler) {
        routes.add(0, new Route(method, Pattern.compile(pathRegex), handler));
        return this;
    }

    public FakeEngine answer(String method, String pathRegex, Answer answer) {
        return on(method, pathRegex, (call, path) -> Optional.of(answer));
    }

    public FakeEngine json(String pathRegex, String json) {
        return answer("GET", pathRegex, Answer.ok(json));
    }

    public FakeEngine hang(String method, String pathRegex) {
        return on(method, pathRegex, (call, path) -> Optional.empty());
    }

    /** Answers {@code GET} of this path with a stream that the test writes. */
    public Stream stream(String pathRegex) {
        Stream stream = new Stream(Pattern.compile(pathRegex));
        streams.add(stream);
        return stream;
    }

    /** A stream of documents, one connection after the other. */
    public static final class Stream {
        private static final String END = "";

        private final Pattern path;
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

        private Stream(Pattern path) {
            this.path = path;
        }

        public void send(String json) {
            lines.add(json);
        }

        /** Ends the connection that is open, or the next one. */
        public void end() {
            lines.add(END);
        }

        private void serve(HttpExchange exchange) throws IOException, InterruptedException {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            for (String line = lines.take(); !line.equals(END); line = lines.take()) {
                exchange.getResponseBody().write((line + "\n").getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        }
    }

    /** {@return all calls, but for the question which version it speaks} */
    public List<Call> calls() {
        List<Call> interesting = new ArrayList<>(calls);
        interesting.removeIf(call -> call.path().equals("/version"));
        return interesting;
    }

    /** {@return the calls of one method, as text} */
    public List<String> calls(String method) {
        return calls().stream()
                .filter(call -> call.method().equals(method))
                .map(Call::toString)
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        Matcher prefix = VERSION_PREFIX.matcher(uri.getPath());
        String version = prefix.find() ? prefix.group() : "";
        Call call = new Call(
                exchange.getRequestMethod(),
                uri.getPath().substring(version.length()),
                uri.getQuery() == null ? "" : uri.getQuery(),
                exchange.getRequestBody().readAllBytes(),
                version);
        calls.add(call);
        try {
            for (Stream stream : streams) {
                if (call.method().equals("GET")
                        && stream.path.matcher(call.path()).matches()) {
                    stream.serve(exchange);
                    return;
                }
            }
            for (Route route : routes) {
                Matcher path = route.path().matcher(call.path());
                if (route.method().equals(call.method()) && path.matches()) {
                    Optional<Answer> answer = route.handler().handle(call, path);
                    if (answer.isEmpty()) {
                        closed.await();
                        return;
                    }
                    send(exchange, answer.get());
                    return;
                }
            }
            send(exchange, Answer.error(404, "page not found"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** Stops at once: what hangs is cut off, and nobody can connect any more. */
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
