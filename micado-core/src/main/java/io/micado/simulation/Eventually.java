package io.micado.simulation;

import io.micado.api.time.Timekeeper;
import java.time.Duration;

/**
 * Waits until something real has become as expected, with a deadline, for tests that have parts which answer when they like. Called on
 * any thread that may block. Not instantiable.
 */
public final class Eventually {
    private static final Duration POLL = Duration.ofMillis(100);

    private Eventually() {}

    /** Assertions of whatever library, or a call that fails as long as it is too early. */
    @FunctionalInterface
    public interface Attempt {
        /** Returns when everything is as expected. */
        void run() throws Throwable;
    }

    /**
     * Makes the attempt every 100 ms until it succeeds.
     *
     * @throws Throwable the failure of the last attempt, when the deadline is over
     */
    public static void eventually(Timekeeper time, Duration deadline, Attempt attempt) throws Throwable {
        long start = time.nanoTime();
        while (true) {
            try {
                attempt.run();
                return;
            } catch (AssertionError | RuntimeException e) {
                if (time.nanoTime() - start > deadline.toNanos()) {
                    throw e;
                }
            }
            Pauses.pause(time, POLL);
        }
    }
}
