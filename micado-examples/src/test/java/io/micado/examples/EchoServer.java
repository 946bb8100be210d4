package io.micado.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server that plays clouds, Prometheus, Consul and exporters as badly as can be: what only reads is answered just well enough that the
 * rest is tried, and all else is refused with an error that quotes the whole request, credentials included. Thread-safe.
 */
final class EchoServer implements AutoCloseable {
    private static final Pattern DESCRIBE = Pattern.compile("Action=(Describe\\w+)");
    private static final int[] REFUSALS = {400, 401, 403, 409, 429, 500, 503};

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final String issuedToken;
    private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();

    private EchoServer(HttpServer server, String issuedToken) {
        this.server = server;
        this.issuedToken = issuedToken;
    }

    /** Starts one whose Keystone issues this token. */
    static EchoServer start(String issuedToken) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        EchoServer echo = new EchoServer(server, issuedToken);
        server.setExecutor(echo.threads);
        server.createContext("/", echo::answer);
        server.start();
        return echo;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** {@return how many requests below a path were refused with a quotation} */
    int refused(String part) {
        return refused.getOrDefault(part, new AtomicInteger()).get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        String part = path.split("/", -1)[1];
        String good = good(part, exchange.getRequestMethod(), path, request);
        if (!good.isEmpty()) {
            exchange.getResponseHeaders().set("X-Subject-Token", issuedToken);
            send(exchange, path.endsWith("/auth/tokens") ? 201 : 200, good);
            return;
        }
        int count = refused.computeIfAbsent(part, unused -> new AtomicInteger()).getAndIncrement();
        String quoted = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().entrySet() + " " + request;
        send(exchange, REFUSALS[count % REFUSALS.length], refusal(part, quoted));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", text.startsWith("<") ? "application/xml" : "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String good(String part, String method, String path, String request) {
        boolean reads = method.equals("GET");
        return switch (part) {
            case "ec2" -> described(request);
            case "sigma" ->
                reads ? "{\"meta\": {\"total_count\": 0, \"limit\": 0, \"offset\": 0}, \"objects\": []}" : "";
            case "broker" -> reads ? "<instances/>" : "";
            case "nova" -> path.endsWith("/auth/tokens") ? login() : "";
            case "compute" -> reads && path.contains("/servers") ? "{\"servers\": []}" : flavors(reads, path);
            case "network" -> reads ? "{\"security_groups\": [], \"floatingips\": [], \"networks\": []}" : "";
            default -> "";
        };
    }

    /** An empty list of whatever is to be described. */
    private static String described(String request) {
        Matcher action = DESCRIBE.matcher(request);
        return action.find()
                ? "<%1$sResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId></%1$sResponse>"
                        .formatted(action.group(1))
                : "";
    }

    private static String flavors(boolean reads, String path) {
        return reads && path.contains("/flavors")
                ? "{\"flavors\": [{\"id\": \"f1\", \"name\": \"small\", \"vcpus\": 1, \"ram\": 1024, \"disk\": 1, \"links\": []}]}"
                : "";
    }

    private String login() {
        String services = Stream.of("compute", "network", "image")
                .map(type -> """
                        {"type": "%1$s", "id": "%1$s", "name": "%1$s", "endpoints": [{"id": "e", "interface": "public",
                         "region": "R", "region_id": "R", "url": "%2$s/%1$s"}]}
                        """.formatted(type, address()))
                .collect(Collectors.joining(", "));
        return """
                {"token": {"methods": ["password"], "expires_at": "2036-01-01T00:00:00.000000Z",
                 "issued_at": "2026-01-01T00:00:00.000000Z", "audit_ids": ["a"],
                 "user": {"id": "u", "name": "me", "domain": {"id": "default", "name": "Default"}},
                 "catalog": [%s]}}
                """.formatted(services);
    }

    private static String refusal(String part, String quoted) {
        String xml = quoted.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
        String json = quoted.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return switch (part) {
            case "ec2" ->
                "<Response><Errors><Error><Code>InvalidParameterValue</Code><Message>" + xml
                        + "</Message></Error></Errors><RequestID>r</RequestID></Response>";
            case "broker" -> "<errors><error>" + xml + "</error></errors>";
            case "sigma" -> "[{\"error_type\": \"validation\", \"error_message\": \"" + json + "\"}]";
            case "compute", "network", "nova" -> "{\"badRequest\": {\"code\": 400, \"message\": \"" + json + "\"}}";
            default -> quoted;
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
