package io.micado.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each request through the same door: path, origin, token, route, body, answer. Called on the server's threads, by several at a
 * time.
 */
final class Dispatcher implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Map<String, String> HEADERS = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Cache-Control", "no-store");

    private final List<Route> routes;
    private final Gate gate;
    private final RequestThreads threads;
    private final Timekeeper time;
    private final int mostBodyBytes;
    private static final int MOST_DETAIL = 1_000;

    /** How many answers there were of each class of status codes: 2xx and so on. */
    private final AtomicLongArray answers = new AtomicLongArray(6);

    /** Where a path leads to. */
    private record Found(List<Route> routes, Map<String, String> variables) {}

    Dispatcher(List<Route> routes, Gate gate, RequestThreads threads, Timekeeper time, int mostBodyBytes) {
        this.routes = List.copyOf(routes);
        this.gate = gate;
        this.threads = threads;
        this.time = time;
        this.mostBodyBytes = mostBodyBytes;
    }

    List<Route> routes() {
        return routes;
    }

    long answersOfClass(int hundreds) {
        return answers.get(hundreds);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Reply reply;
        boolean isOccopus =
                String.valueOf(exchange.getRequestURI().getRawPath()).startsWith("/infrastructures");
        try {
            reply = answer(exchange);
        } catch (HttpProblem e) {
            reply = refusal(isOccopus, e.status(), e.detail(), e.headers());
        } catch (MicadoException e) {
            reply = refusal(isOccopus, statusOf(e.kind()), String.valueOf(e.getMessage()), retryHeader(e));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("answering {} failed; please report this", exchange.getRequestMethod(), e);
            reply = refusal(isOccopus, 500, "this is a defect; the log tells more", Map.of());
        }
        answers.incrementAndGet(reply.status() / 100);
        threads.wasRefused();
        send(exchange, reply);
    }

    private static Reply refusal(boolean isOccopus, int status, String detail, Map<String, String> headers) {
        // What is wrong is quoted, however long it is.
        String shown = detail.length() > MOST_DETAIL ? detail.substring(0, MOST_DETAIL) + "…" : detail;
        Reply reply = isOccopus ? OccopusRoutes.refusal(status, shown) : Reply.problem(status, shown);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }

    private Reply answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        Headers headers = exchange.getRequestHeaders();
        List<String> segments =
                Paths.segments(Optional.ofNullable(uri.getRawPath()).orElse(""));
        Map<String, String> query = uri.getRawQuery() == null ? Map.of() : Paths.query(uri.getRawQuery());
        Optional<String> origin = gate.checkOrigin(headers);
        Found found = find(segments);
        String method = exchange.getRequestMethod();
        if (method.equals("OPTIONS") && !found.routes().isEmpty()) {
            threads.hasRead();
            return allowed(origin, Reply.empty(204).with("Allow", allow(found)), allow(found));
        }
        Optional<Route> route = found.routes().stream()
                .filter(one -> one.method().equals(method.equals("HEAD") ? "GET" : method))
                .findFirst();
        if (route.isEmpty() || !route.get().isOpen()) {
            gate.checkToken(headers);
        }
        if (found.routes().isEmpty()) {
            throw HttpProblem.notFound("there is nothing at this path");
        }
        if (route.isEmpty()) {
            throw new HttpProblem(405, "this path answers " + allow(found) + " only", Map.of("Allow", allow(found)));
        }
        byte[] body = body(exchange);
        threads.hasRead();
        Reply reply = route.get()
                .endpoint()
                .handle(new Request(route.get().method(), found.variables(), query, headers, body));
        return allowed(origin, reply, "");
    }

    private Found find(List<String> segments) {
        Map<Route, Map<String, String>> matching = new java.util.LinkedHashMap<>();
        for (Route route : routes) {
            route.match(segments).ifPresent(variables -> matching.put(route, variables));
        }
        return new Found(
                List.copyOf(matching.keySet()),
                matching.values().stream().findFirst().orElse(Map.of()));
    }

    private static String allow(Found found) {
        TreeSet<String> methods =
                found.routes().stream().map(Route::method).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }

    private static Reply allowed(Optional<String> origin, Reply reply, String methods) {
        if (origin.isEmpty()) {
            return reply;
        }
        Reply open = reply.with("Access-Control-Allow-Origin", origin.get()).with("Vary", "Origin");
        return methods.isEmpty()
                ? open
                : open.with("Access-Control-Allow-Methods", methods)
                        .with("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
                        .with("Access-Control-Max-Age", "600");
    }

    private byte[] body(HttpExchange exchange) throws IOException {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && Long.parseLong(length) > mostBodyBytes) {
            throw tooLarge();
        }
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(mostBodyBytes + 1);
            if (body.length > mostBodyBytes) {
                throw tooLarge();
            }
            return body;
        }
    }

    private HttpProblem tooLarge() {
        return new HttpProblem(
                413, "the body must not be longer than " + mostBodyBytes + " bytes", Map.of("Connection", "close"));
    }

    private void send(HttpExchange exchange, Reply answer) throws IOException {
        Reply reply = answer;
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        if (reply.stream().isPresent() && !isHead && !threads.becomesStream()) {
            reply = Reply.problem(503, "too many event streams are open").with("Retry-After", "10");
        }
        Headers headers = exchange.getResponseHeaders();
        HEADERS.forEach(headers::set);
        reply.headers().forEach(headers::set);
        if (!reply.type().isEmpty()) {
            headers.set("Content-Type", reply.type());
        }
        if (reply.stream().isPresent() && !isHead) {
            exchange.sendResponseHeaders(reply.status(), 0);
            reply.stream().get().get().pump(exchange.getResponseBody(), threads, time);
            exchange.close();
            return;
        }
        byte[] body = reply.body();
        if (isHead || body.length == 0) {
            if (isHead && !reply.type().isEmpty() && reply.stream().isEmpty()) {
                headers.set("Content-Length", Integer.toString(body.length));
            }
            exchange.sendResponseHeaders(reply.status(), -1);
        } else {
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static Map<String, String> retryHeader(MicadoException e) {
        return e.retryAfter()
                .map(wait -> Map.of("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))))
                .orElse(Map.of());
    }

    static int statusOf(ErrorKind kind) {
        return switch (kind) {
            case CONFIGURATION -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT, INSUFFICIENT_CAPACITY, QUOTA_EXCEEDED -> 409;
            case UNSUPPORTED -> 501;
            case AUTHENTICATION -> 502;
            case RATE_LIMITED, TRANSIENT -> 503;
            case OUTCOME_UNKNOWN -> 504;
            case INTERNAL -> 500;
        };
    }
}
