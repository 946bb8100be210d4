package io.micado.provider.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A cloud with a state over real HTTP, whose answers can be made to fail. Thread-safe; subclasses answer one call at a time. */
abstract class FakeServer implements AutoCloseable {
    static {
        // Headers and body go out as two packets, and the second would wait for the first one's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake cloud");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Planned> faults = new CopyOnWriteArrayList<>();
    private volatile Duration latency = Duration.ZERO;
    private int callsUntilDeath = Integer.MAX_VALUE;
    private boolean lastOneHasItsEffect;
    private volatile boolean dead;

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** What the cloud does and says; called by one thread at a time. */
    abstract Answer answer(Request request);

    /** Adds machines of somebody else. */
    abstract void addOthers(int count);

    /** {@return how many machines exist, running or not} */
    abstract int machines();

    /** {@return how much else exists that costs} */
    int otherThings() {
        return 0;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** {@return the calls so far whose method and path begin like this} */
    /** Everything of ours seems to have been made by a newer release. */
    abstract void markAsNewer();

    List<String> calls(String start) {
        return calls.stream().filter(call -> call.startsWith(start)).toList();
    }

    void forgetCalls() {
        calls.clear();
    }

    void takes(Duration perCall) {
        latency = perCall;
    }

    /** Lets the next so many calls whose method and path begin like this fail in this way. */
    void fail(String start, int times, Fault fault) {
        faults.add(new Planned(start, times, fault));
    }

    /** Cuts the caller off after so many calls, the last of which may still have its effect without an answer. */
    synchronized void dieAfter(int callCount, boolean withEffect) {
        callsUntilDeath = callCount;
        lastOneHasItsEffect = withEffect;
    }

    boolean isDead() {
        return dead;
    }

    synchronized void reachableAgain() {
        callsUntilDeath = Integer.MAX_VALUE;
        dead = false;
    }

    /** {@return whether this call is answered} */
    private synchronized boolean isReached(Request request) {
        callsUntilDeath--;
        if (callsUntilDeath == -1 && lastOneHasItsEffect) {
            answer(request);
        }
        dead |= callsUntilDeath < 0;
        return !dead;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Request request = Request.of(exchange, body);
            calls.add(request.method + " " + request.path);
            if (!isReached(request)) {
                return;
            }
            if (!latency.isZero()) {
                closing.await(latency.toMillis(), TimeUnit.MILLISECONDS);
            }
            Fault fault = faults.stream()
                    .filter(planned -> planned.takes(request.method + " " + request.path))
                    .findFirst()
                    .map(planned -> planned.fault)
                    .orElse(null);
            respond(exchange, request, fault);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void respond(HttpExchange exchange, Request request, @Nullable Fault fault)
            throws IOException, InterruptedException {
        if (fault instanceof Fault.Refused refused) {
            send(exchange, refused.answer, 1);
            return;
        }
        Answer answer;
        synchronized (this) {
            answer = answer(request);
        }
        if (fault == null) {
            send(exchange, answer, 1);
        } else if (fault instanceof Fault.Said said) {
            send(exchange, new Answer(said.status == 0 ? answer.status : said.status, said.body, answer.headers), 1);
        } else if (fault == Fault.TRUNCATED) {
            send(exchange, answer, 0.5);
        } else if (fault == Fault.NEVER_ANSWERED) {
            closing.await();
        }
        // an answer that is lost: the connection is closed without one
    }

    private void send(HttpExchange exchange, Answer answer, double share) throws IOException {
        byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
        answer.headers.forEach(exchange.getResponseHeaders()::set);
        int length = answer.status == 204 ? -1 : body.length == 0 ? -1 : body.length;
        exchange.sendResponseHeaders(answer.status, length);
        if (length > 0) {
            exchange.getResponseBody().write(body, 0, (int) (body.length * share));
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /** A call as it came in. */
    record Request(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {
        static Request of(HttpExchange exchange, String body) {
            Map<String, String> query = new HashMap<>();
            String raw = exchange.getRequestURI().getRawQuery();
            for (String part : raw == null ? new String[0] : raw.split("&")) {
                String[] pair = part.split("=", 2);
                query.put(pair[0], URLDecoder.decode(pair.length > 1 ? pair[1] : "", StandardCharsets.UTF_8));
            }
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
            return new Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath(), query, headers, body);
        }

        /** {@return the part of the path between these two; empty when it does not begin and end like this} */
        Optional<String> between(String start, String end) {
            if (!path.startsWith(start) || !path.endsWith(end) || path.length() <= start.length() + end.length()) {
                return Optional.empty();
            }
            String middle = path.substring(start.length(), path.length() - end.length());
            return middle.contains("/") ? Optional.empty() : Optional.of(middle);
        }

        boolean is(String otherMethod, String otherPath) {
            return method.equals(otherMethod) && path.equals(otherPath);
        }
    }

    /** What is answered. */
    record Answer(int status, String body, Map<String, String> headers) {
        static Answer of(int status, String body) {
            return new Answer(status, body, Map.of());
        }
    }

    /** How an answer fails. */
    sealed interface Fault {
        /** The cloud has done it, and the connection breaks. */
        Fault ANSWER_LOST = new Simple("answer lost");
        /** The cloud has done it, and nothing ever comes back. */
        Fault NEVER_ANSWERED = new Simple("never answered");
        /** The cloud has done it, and half of the answer comes back. */
        Fault TRUNCATED = new Simple("truncated");

        /** The cloud has done it, and says something else; a status of 0 leaves it as it is. */
        static Fault said(int status, String body) {
            return new Said(status, body);
        }

        /** The cloud has not done it. */
        static Fault refused(int status, String body, String... headers) {
            Map<String, String> map = new HashMap<>();
            for (int i = 0; i < headers.length; i += 2) {
                map.put(headers[i], headers[i + 1]);
            }
            return new Refused(new Answer(status, body, map));
        }

        /** One of the faults without particulars. */
        record Simple(String name) implements Fault {}

        /** See {@link Fault#said}. */
        record Said(int status, String body) implements Fault {}

        /** See {@link Fault#refused}. */
        record Refused(Answer answer) implements Fault {}
    }

    private static final class Planned {
        private final String start;
        private final Fault fault;
        private int left;

        private Planned(String start, int times, Fault fault) {
            this.start = start;
            this.left = times;
            this.fault = fault;
        }

        private synchronized boolean takes(String call) {
            if (left == 0 || !call.startsWith(start)) {
                return false;
            }
            left--;
            return true;
        }
    }
}
