package io.micado.simulation;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Real threads whose timers run down at once, for tests of code that waits for real parts: a wait of any length is over after five
 * milliseconds, and its length has passed. Thread-safe.
 *
 * <p>What waits for nothing real is better tested in {@link VirtualTime}, which is reproducible.
 */
public final class QuickTime implements Timekeeper {
    private static final Duration MOMENT = Duration.ofMillis(5);

    private final Timekeeper real;
    private final AtomicLong skipped = new AtomicLong();

    /** Creates a time on the threads and timers of another one. */
    public QuickTime(Timekeeper real) {
        this.real = real;
    }

    @Override
    public Instant wallClock() {
        return real.wallClock().plusNanos(skipped.get());
    }

    @Override
    public long nanoTime() {
        return real.nanoTime() + skipped.get();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return real.schedule(MOMENT, () -> {
            skipped.addAndGet(delay.toNanos());
            task.run();
        });
    }

    @Override
    public BoundedExecutor boundedExecutor(String name, int threads) {
        return real.boundedExecutor(name, threads);
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) {
        boolean done = real.await(future, MOMENT);
        skipped.addAndGet(done ? 0 : atMost.toNanos());
        return done;
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        skipped.addAndGet(duration.toNanos());
    }
}
