package io.micado.simulation;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A timekeeper that is not virtual time: it stands still, and runs what was scheduled when a test says so. Thread-safe. */
final class ManualTimekeeper implements Timekeeper {
    private final List<Runnable> scheduled = new CopyOnWriteArrayList<>();

    @Override
    public Instant wallClock() {
        return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        scheduled.add(task);
        return () -> scheduled.remove(task);
    }

    @Override
    public BoundedExecutor boundedExecutor(String name, int threads) {
        throw new UnsupportedOperationException("not needed");
    }

    List<Runnable> scheduled() {
        return scheduled;
    }
}
