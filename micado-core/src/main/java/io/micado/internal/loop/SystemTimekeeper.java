package io.micado.internal.loop;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's clocks, timers and threads: the only class of the product that touches them. Thread-safe. Its threads are daemons
 * and end when idle.
 */
public final class SystemTimekeeper implements Timekeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTimekeeper.class);
    private static final Duration IDLE_THREAD_LIFE = Duration.ofSeconds(30);

    private final ScheduledThreadPoolExecutor timer;

    /** Creates a timekeeper with one timer thread. */
    public SystemTimekeeper() {
        timer = new ScheduledThreadPoolExecutor(1, threads("micado-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(IDLE_THREAD_LIFE.toSeconds(), TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    @Override
    public Instant wallClock() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Future<?> scheduled = timer.schedule(logged(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public BoundedExecutor boundedExecutor(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_THREAD_LIFE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads(name));
        pool.allowCoreThreadTimeOut(true);
        return new Pool(pool);
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** A failing task must not vanish silently in a future that nobody reads. */
    private static Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a task failed; please report this", e);
                throw e;
            }
        };
    }

    private record Pool(ThreadPoolExecutor pool) implements BoundedExecutor {
        @Override
        public Cancellable submit(Runnable task) {
            try {
                Future<?> submitted = pool.submit(logged(task));
                return () -> submitted.cancel(true);
            } catch (RejectedExecutionException closed) {
                return () -> {};
            }
        }

        @Override
        public void close() {
            pool.shutdownNow();
        }
    }
}
