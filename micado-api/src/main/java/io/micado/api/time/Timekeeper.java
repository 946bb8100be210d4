package io.micado.api.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The only clock, timer and source of threads in the product, so that a whole system runs in virtual time. Thread-safe.
 *
 * <p>Production has one implementation over the JDK's clocks and threads; {@code io.micado.simulation.VirtualTime} is the
 * other. Ages and deadlines are counted on {@link #nanoTime()}; {@link #wallClock()} is for people and for what leaves the
 * process.
 */
public interface Timekeeper {

    /** {@return the wall clock's time; may jump} */
    Instant wallClock();

    /** {@return nanoseconds of a monotonic clock with an arbitrary origin} */
    long nanoTime();

    /**
     * Runs a short task once after the delay, on a thread of the timekeeper's own. The task must not block; what blocks goes
     * to a {@link #boundedExecutor}.
     */
    Cancellable schedule(Duration delay, Runnable task);

    /**
     * Opens an executor with at most this many daemon threads and an unbounded queue: what is handed to it never blocks the
     * caller. A stuck task occupies threads of this executor only.
     *
     * @param name prefix of the threads' names
     * @param threads at least 1
     */
    BoundedExecutor boundedExecutor(String name, int threads);

    /**
     * Waits until a future is done, on the caller's thread; in virtual time, lets time pass until it is.
     *
     * @return whether it was done, in whatever way, within the time
     */
    default boolean await(CompletableFuture<?> future, Duration atMost) {
        try {
            future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | CancellationException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
