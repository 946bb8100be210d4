package io.micado.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.dockerjava.transport.DockerHttpClient;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, run on a thread of {@link DockerEngine}'s while the caller waits. Thread-safe.
 *
 * <p>docker-java's own read timeout does not hold on unix sockets, so the caller waits for a future that a timer fails,
 * whatever the thread does. The thread comes back by itself: on a unix socket it is interrupted, which closes the
 * channel that it reads or writes; on TCP its read timeout is the deadline; and between two reads of the body it sees
 * that nobody waits any more.
 */
final class DockerCall<T> implements Runnable {
    private static final int LONGEST_ERROR = 8192;

    private final URI host;
    private final DockerHttp http;
    private final Timekeeper timekeeper;
    private final ClockOffset clockOffset;
    private final EngineRequest request;
    private final String apiPrefix;
    private final EngineAnswer<T> reader;
    private final Duration deadline;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    /** Set when the thread has nothing left to be interrupted at. */
    private volatile boolean ended;

    DockerCall(
            URI host,
            DockerHttp http,
            Timekeeper timekeeper,
            ClockOffset clockOffset,
            EngineRequest request,
            String apiPrefix,
            EngineAnswer<T> reader,
            Duration deadline) {
        this.host = host;
        this.http = http;
        this.timekeeper = timekeeper;
        this.clockOffset = clockOffset;
        this.request = request;
        this.apiPrefix = apiPrefix;
        this.reader = reader;
        this.deadline = deadline;
    }

    /** Hands itself over to the threads and its deadline to the timer; returns at once. */
    CompletionStage<T> start(BoundedExecutor executor) {
        Cancellable timer = timekeeper.schedule(
                deadline, () -> answer.completeExceptionally(DockerErrors.timedOut(host, request, deadline)));
        Cancellable work = executor.submit(this);
        return answer.whenComplete((result, failure) -> {
            timer.cancel();
            if (!ended) {
                work.cancel();
            }
        });
    }

    /** {@return the answer, when it is there} For callers that wait, after the start. */
    T await() {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Unless it was answered at the same moment: what was carried out is told as carried out.
            answer.completeExceptionally(DockerErrors.abandoned(host, request, "the caller was interrupted"));
            return completed();
        }
    }

    private T completed() {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** Fails the call because the engine is being closed. */
    void abandon() {
        answer.completeExceptionally(DockerErrors.abandoned(host, request, "the connection was closed"));
    }

    @Override
    public void run() {
        if (answer.isDone()) {
            return;
        }
        @Nullable T result = null;
        @Nullable Throwable failure = null;
        try {
            result = exchange();
        } catch (JsonProcessingException e) {
            failure = DockerErrors.unintelligible(host, request, e);
        } catch (IOException e) {
            failure = DockerErrors.failed(host, request, e);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        // Only now that the connection is given back: who goes on because of the answer must not disturb that.
        ended = true;
        if (result != null) {
            answer.complete(result);
        } else {
            answer.completeExceptionally(
                    failure != null
                            ? failure
                            : new IllegalStateException("the reader of " + request + " returned null"));
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable failure) {
        if (failure instanceof MicadoException e) {
            e.fillInStackTrace(); // the caller's, which says more than the thread's
            return e;
        }
        if (failure instanceof RuntimeException e) {
            return e; // a defect; where it happened says more than who called
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(failure);
    }

    private T exchange() throws IOException {
        try (DockerHttp.Lease lease = http.lease(request, deadline)) {
            Instant asked = timekeeper.wallClock();
            try (DockerHttpClient.Response response = execute(lease.client())) {
                noteDate(asked, response.getHeader("Date"));
                InputStream body = new AwaitedStream(response.getBody());
                int status = response.getStatusCode();
                if (status >= 400) {
                    throw DockerErrors.refused(host, request, status, errorMessage(body));
                }
                return reader.read(body);
            }
        }
    }

    private DockerHttpClient.Response execute(DockerHttpClient client) {
        try {
            return client.execute(toTransport());
        } catch (RuntimeException e) {
            throw DockerErrors.failed(host, request, e);
        }
    }

    private DockerHttpClient.Request toTransport() {
        DockerHttpClient.Request.Builder transport =
                DockerHttpClient.Request.builder().method(request.method()).path(request.target(apiPrefix));
        InputStream body = request.body();
        if (body != null) {
            transport.putHeader("Content-Type", request.contentType());
            transport.body(body);
        }
        return transport.build();
    }

    private void noteDate(Instant asked, @Nullable String date) {
        if (date == null) {
            return;
        }
        try {
            Instant engineSecond = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            clockOffset.observe(asked, engineSecond, timekeeper.wallClock());
        } catch (DateTimeParseException e) {
            // A proxy in between may write what it likes; the offset stays unknown.
        }
    }

    private static String errorMessage(InputStream body) throws IOException {
        String text = new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        try {
            return DockerJson.MAPPER.readTree(text).path("message").asText(text);
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    /** The body of the answer, as long as somebody waits for it. */
    private final class AwaitedStream extends FilterInputStream {
        AwaitedStream(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            checkAwaited();
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            checkAwaited();
            return super.read(buffer, offset, length);
        }

        private void checkAwaited() throws InterruptedIOException {
            if (answer.isDone()) {
                throw new InterruptedIOException("nobody waits for this answer any more");
            }
        }
    }
}
