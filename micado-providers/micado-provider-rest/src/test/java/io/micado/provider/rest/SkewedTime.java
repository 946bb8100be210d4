package io.micado.provider.rest;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;

/**
 * A clock that is set wrong. Thread-safe.
 *
 * @param real the right one
 * @param by how far it is ahead
 */
record SkewedTime(Timekeeper real, Duration by) implements Timekeeper {
    @Override
    public Instant wallClock() {
        return real.wallClock().plus(by);
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return real.schedule(delay, task);
    }

    @Override
    public BoundedExecutor boundedExecutor(String name, int threads) {
        return real.boundedExecutor(name, threads);
    }
}
