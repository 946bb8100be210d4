package io.micado.http;

import io.micado.api.time.Timekeeper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events for one reader. What comes in waits in a buffer of bounded size; a reader that is too slow for it is dropped,
 * and so is one that takes longer than the deadline to take what is written. {@link #offer} is thread-safe; {@link #pump} runs once,
 * on the thread of its request.
 */
final class EventStream {
    private static final int BUFFERED = 1_000;
    /** A sign of life, so that both sides notice when the other is gone. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** After that the reader connects again, with a token that is still good. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final BlockingQueue<String> buffer = new ArrayBlockingQueue<>(BUFFERED);
    private final Runnable ended;
    private volatile boolean dropped;

    EventStream(Runnable ended) {
        this.ended = ended;
    }

    /** {@return one event as the text that is sent} */
    static String format(long id, String type, String json) {
        return "id: " + id + "\nevent: " + type + "\ndata: " + json + "\n\n";
    }

    /** Hands an event over and returns at once. */
    void offer(String event) {
        if (!buffer.offer(event)) {
            dropped = true;
        }
    }

    boolean isDropped() {
        return dropped;
    }

    /**
     * Writes until the reader is dropped or the longest time is over; throws when the reader is gone.
     *
     * @param threads whose thread this is
     */
    void pump(OutputStream out, RequestThreads threads, Timekeeper time) throws IOException {
        long end = time.nanoTime() + LONGEST.toNanos();
        try {
            write("retry: 3000\n\n", out, threads);
            while (!dropped && time.nanoTime() < end) {
                @Nullable String event = buffer.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
                write(event == null ? ": still here\n\n" : event, out, threads);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dropped = true;
            ended.run();
        }
    }

    private static void write(String text, OutputStream out, RequestThreads threads) throws IOException {
        threads.write(() -> {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        });
    }
}
