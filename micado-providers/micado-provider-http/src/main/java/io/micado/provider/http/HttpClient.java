package io.micado.provider.http;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls over HTTP/1.1 for a plug-in: each is sent once at most, has a deadline, ends when its thread is interrupted, and fails as a
 * {@link MicadoException} of the kind that tells whether it may have had its effect. Opened by a plug-in, called on any thread. Thread-safe.
 *
 * <table>
 * <caption>Kinds of failures without an answer</caption>
 * <tr><th>what happened</th><th>a request that only reads</th><th>any other</th></tr>
 * <tr><td>no connection: refused, unknown host, TLS, no thread free in time</td><td>{@code TRANSIENT}</td><td>{@code TRANSIENT}</td></tr>
 * <tr><td>no whole answer: deadline, broken connection, interrupted, too large</td><td>{@code TRANSIENT}</td><td>{@code OUTCOME_UNKNOWN}</td></tr>
 * </table>
 *
 * <p>What an answer of status 300 or more means is read by {@link HttpOptions#failures()}. Redirects are not followed. The log shows
 * method, address, status and time of each call, never headers, bodies, or secret values of the query.
 */
public final class HttpClient implements AutoCloseable {
    private final HttpOptions options;
    private final Timekeeper time;
    private final Logger log;
    private final Optional<HttpUrl> endpoint;
    private final Connections connections;
    private final BoundedExecutor executor;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile @Nullable Duration clockOffset;

    private HttpClient(HttpOptions options, Timekeeper time) {
        this.options = options;
        this.time = time;
        log = LoggerFactory.getLogger(options.loggerName());
        endpoint = options.endpoint().map(HttpClient::url);
        connections = new Connections(options);
        String host = endpoint.map(url -> " " + url.host()).orElse("");
        executor = time.boundedExecutor("http" + host, options.maxConcurrentCalls());
    }

    /** {@return a client that connects when it is first called} */
    public static HttpClient open(HttpOptions options, Timekeeper time) {
        return new HttpClient(options, time);
    }

    /** {@return how far the other side's clock was ahead of ours at the last answer that told the time, to a second} */
    public Optional<Duration> clockOffset() {
        return Optional.ofNullable(clockOffset);
    }

    /**
     * {@return the answer, whose status is 200 to 299}
     *
     * @throws MicadoException when there is none, or it tells of a failure
     */
    public HttpResponse call(HttpRequest request) {
        HttpResponse answer = exchange(request);
        if (!answer.isSuccess()) {
            throw options.failures().read(answer);
        }
        return answer;
    }

    /**
     * {@return the answer, whatever its status}
     *
     * @throws MicadoException when there is none
     */
    public HttpResponse exchange(HttpRequest request) {
        HttpUrl address = address(request);
        Pending call = new Pending(request, address);
        if (closed) {
            throw call.failure("the client is closed");
        }
        Request built = build(request, address, call);
        call.prepare(connections.client(isOurs(address)).newCall(built));
        pending.add(call);
        long start = time.nanoTime();
        Cancellable running = executor.submit(call);
        if (closed) {
            call.cancel("the client is closed");
        }
        try {
            HttpResponse answer = await(call, running);
            log.debug("{} -> {} in {} ms", call.shown, answer.status(), millisSince(start));
            answer.clockOffset().ifPresent(offset -> clockOffset = offset);
            return answer;
        } catch (MicadoException e) {
            log.debug("{} failed as {} after {} ms", call.shown, e.kind(), millisSince(start));
            throw e;
        } finally {
            pending.remove(call);
        }
    }

    private HttpResponse await(Pending call, Cancellable running) {
        Duration deadline = call.request.deadline().orElse(options.deadline());
        if (!time.await(call.result, deadline)) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            call.cancel(
                    interrupted
                            ? "it was interrupted"
                            : "there was no whole answer within " + deadline.toMillis() + " ms");
            running.cancel();
        }
        Object result = call.result.join();
        if (result instanceof MicadoException failure) {
            throw failure;
        }
        return (HttpResponse) result;
    }

    private long millisSince(long start) {
        return (time.nanoTime() - start) / 1_000_000;
    }

    // ---- building requests

    private HttpUrl address(HttpRequest request) {
        String target = request.target();
        HttpUrl base;
        if (target.startsWith("/")) {
            HttpUrl root = endpoint.orElseThrow(
                    () -> new IllegalArgumentException("a client without an endpoint needs full addresses"));
            String stem = root.encodedPath();
            String path = (stem.endsWith("/") ? stem.substring(0, stem.length() - 1) : stem) + target;
            base = root.newBuilder().encodedPath(path).build();
        } else {
            HttpUrl full = HttpUrl.parse(target);
            if (full == null) {
                throw new MicadoException(
                        ErrorKind.CONFIGURATION, "not an address over HTTP: it must be http(s)://HOST…");
            }
            base = full;
        }
        HttpUrl.Builder address = base.newBuilder();
        request.query().forEach(one -> address.addQueryParameter(one.name(), one.value()));
        return address.build();
    }

    private boolean isOurs(HttpUrl address) {
        return endpoint.map(ours -> ours.scheme().equals(address.scheme())
                        && ours.host().equals(address.host())
                        && ours.port() == address.port())
                .orElse(false);
    }

    private Request build(HttpRequest request, HttpUrl address, Pending call) {
        Request.Builder built = new Request.Builder()
                .url(address)
                .tag(Sending.class, call.sending)
                .header("User-Agent", "micado");
        request.headers().forEach(header -> built.addHeader(header.name(), header.value()));
        if (isOurs(address)) {
            HttpCredentials.Header proof = options.credentials().resolve();
            if (!proof.name().isEmpty()) {
                built.header(proof.name(), checked(proof));
                call.hide(proof.hidden());
            }
        }
        RequestBody body = request.body()
                .map(with -> RequestBody.create(with.bytes(), MediaType.parse(with.contentType())))
                .orElse(null);
        boolean takesBody = request.method().equals("POST") || request.method().equals("PUT");
        return built.method(request.method(), body == null && takesBody ? RequestBody.EMPTY : body)
                .build();
    }

    /** OkHttp would quote a value with a wrong character in its exception. */
    private static String checked(HttpCredentials.Header proof) {
        if (!proof.value().matches("[\\x20-\\x7e\\t]*")) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "the secret for the header " + proof.name()
                            + " holds a line break or another character that a header cannot hold");
        }
        return proof.value();
    }

    private static HttpUrl url(URI endpoint) {
        HttpUrl url = HttpUrl.parse(endpoint.toString());
        if (url == null) {
            throw new MicadoException(ErrorKind.CONFIGURATION, "the endpoint is no address over HTTP");
        }
        return url;
    }

    static String headerKey(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Ends all calls and closes all connections. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        pending.forEach(call -> call.cancel("the client is closed"));
        executor.close();
        connections.close();
    }

    @Override
    public String toString() {
        return "HTTP client of " + endpoint.map(HttpUrl::toString).orElse("any address");
    }

    /** One call under way: run by a thread of the client, awaited by the caller, given up by either. Thread-safe. */
    private final class Pending implements Runnable {
        private final HttpRequest request;
        private final Sending sending = new Sending();
        private final String shown;
        /** Completed with an {@link HttpResponse} or a {@link MicadoException}, never exceptionally. */
        private final CompletableFuture<Object> result = new CompletableFuture<>();

        private final List<String> hidden = new ArrayList<>();
        private volatile @Nullable Call call;

        private Pending(HttpRequest request, HttpUrl address) {
            this.request = request;
            this.shown = request.method() + " " + shown(address);
            hidden.addAll(request.hidden());
        }

        private String shown(HttpUrl address) {
            String place = address.newBuilder()
                    .query(null)
                    .fragment(null)
                    .username("")
                    .password("")
                    .build()
                    .toString();
            List<String> query =
                    request.query().stream().map(HttpRequest.Query::toString).toList();
            return query.isEmpty() ? place : place + "?" + String.join("&", query);
        }

        private void hide(List<String> more) {
            hidden.addAll(more);
        }

        private void prepare(Call made) {
            call = made;
        }

        @Override
        public void run() {
            Call made = call;
            if (made == null || result.isDone()) {
                return;
            }
            try (Response response = made.execute()) {
                result.complete(read(response));
            } catch (MicadoException e) {
                result.complete(e);
            } catch (IOException e) {
                result.complete(failure(CallFailures.describe(e)));
            } catch (RuntimeException e) { // a defect of the library must not leave the caller waiting
                result.complete(
                        failure("the HTTP library failed with " + e.getClass().getName()));
            }
        }

        private HttpResponse read(Response response) throws IOException {
            BodyReader reader = request.reader().orElse(null);
            byte[] body;
            try (InputStream stream = response.body().byteStream()) {
                if (reader != null && response.isSuccessful()) {
                    reader.read(stream);
                    body = new byte[0];
                } else {
                    body = whole(stream);
                }
            }
            return new HttpResponse(
                    shown,
                    request.isSafe(),
                    response.code(),
                    headers(response),
                    body,
                    time.wallClock(),
                    new Redaction(hidden));
        }

        private byte[] whole(InputStream stream) throws IOException {
            int most = Math.toIntExact(options.maxResponseBytes());
            byte[] body = stream.readNBytes(most);
            if (body.length == most && stream.read() >= 0) {
                cancel("the answer was larger than " + most + " bytes");
            }
            return body;
        }

        private Map<String, List<String>> headers(Response response) {
            Map<String, List<String>> headers = new HashMap<>();
            response.headers().forEach(pair -> {
                String name = pair.getFirst().equals(Connections.RETRY_AFTER) ? "Retry-After" : pair.getFirst();
                headers.computeIfAbsent(headerKey(name), key -> new ArrayList<>())
                        .add(pair.getSecond());
            });
            return headers;
        }

        /** Ends the call, unless it has ended. */
        private void cancel(String why) {
            sending.giveUp();
            result.complete(failure(why));
            Call made = call;
            if (made != null) {
                made.cancel();
            }
        }

        private MicadoException failure(String why) {
            ErrorKind kind =
                    sending.mayHaveArrived() && !request.isSafe() ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT;
            String what = sending.mayHaveArrived() ? " was sent, but " : " was not sent: ";
            return new MicadoException(kind, shown + what + new Redaction(hidden).clean(why));
        }
    }
}
