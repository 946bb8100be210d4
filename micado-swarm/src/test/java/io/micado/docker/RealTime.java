package io.micado.docker;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The JDK's clocks and daemon threads as a {@link Timekeeper}, for tests that talk to real sockets. Thread-safe. */
public final class RealTime implements Timekeeper, AutoCloseable {
    private final Duration ahead;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemons("timer"));

    public RealTime() {
        this(Duration.ZERO);
    }

    /** Makes one whose wall clock is wrong by this much. */
    public RealTime(Duration ahead) {
        this.ahead = ahead;
    }

    @Override
    public Instant wallClock() {
        return Instant.now().plus(ahead);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Future<?> future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(true);
    }

    @Override
    public BoundedExecutor boundedExecutor(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
        pool.allowCoreThreadTimeOut(true);
        pool.setRejectedExecutionHandler((task, closed) -> {});
        return new BoundedExecutor() {
            @Override
            public Cancellable submit(Runnable task) {
                Future<?> future = pool.submit(task);
                return () -> future.cancel(true);
            }

            @Override
            public void close() {
                pool.shutdownNow();
            }
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
