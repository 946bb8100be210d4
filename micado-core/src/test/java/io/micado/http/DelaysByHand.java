package io.micado.http;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.internal.loop.SystemTimekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine's threads, with delays that pass only when a test says so. Thread-safe. */
final class DelaysByHand implements Timekeeper {
    private final SystemTimekeeper machine = new SystemTimekeeper();
    private final List<Delay> delays = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private long now;

    /** Compared by identity. */
    private static final class Delay {
        private final long due;
        private final Duration length;
        private final Runnable task;

        Delay(long due, Duration length, Runnable task) {
            this.due = due;
            this.length = length;
            this.task = task;
        }
    }

    @Override
    public Instant wallClock() {
        return machine.wallClock();
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Cancellable schedule(Duration length, Runnable task) {
        Delay delay = new Delay(now + length.toNanos(), length, task);
        delays.add(delay);
        return () -> cancel(delay);
    }

    private synchronized void cancel(Delay delay) {
        delays.remove(delay);
    }

    @Override
    public BoundedExecutor boundedExecutor(String name, int threads) {
        BoundedExecutor executor = machine.boundedExecutor(name, threads);
        return new BoundedExecutor() {
            @Override
            public Cancellable submit(Runnable task) {
                return executor.submit(() -> {
                    running.incrementAndGet();
                    try {
                        task.run();
                    } finally {
                        running.decrementAndGet();
                    }
                });
            }

            @Override
            public void close() {
                executor.close();
            }
        };
    }

    /** Lets time pass, all at once. */
    void advance(Duration time) {
        List<Delay> due;
        synchronized (this) {
            now += time.toNanos();
            due = delays.stream()
                    .filter(delay -> delay.due <= now)
                    .sorted(Comparator.comparingLong(delay -> delay.due))
                    .toList();
            delays.removeAll(due);
        }
        due.forEach(delay -> delay.task.run());
    }

    /** {@return how many delays of this length have not passed} */
    synchronized long pending(Duration length) {
        return delays.stream().filter(delay -> delay.length.equals(length)).count();
    }

    /** {@return how many tasks run on a thread} */
    int running() {
        return running.get();
    }
}
