package io.micado.api.time;

/** A few threads of one purpose, made by {@link Timekeeper#boundedExecutor}. Thread-safe. */
public interface BoundedExecutor extends AutoCloseable {

    /** Hands a task over and returns at once; after {@link #close()} the task is silently dropped. */
    Cancellable submit(Runnable task);

    /** Drops what is queued, interrupts what runs, and returns without waiting. */
    @Override
    void close();
}
