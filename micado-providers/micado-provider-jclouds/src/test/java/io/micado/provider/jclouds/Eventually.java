package io.micado.provider.jclouds;

import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits for a condition of real parts, with a deadline, for tests. Stateless. */
final class Eventually {
    private static final Duration POLL = Duration.ofMillis(100);

    private Eventually() {}

    /** Repeats the assertions until they hold; at the deadline their failure is the test's. */
    static void eventually(Timekeeper time, Duration deadline, ThrowingCallable assertions) throws Throwable {
        long end = time.nanoTime() + deadline.toNanos();
        while (true) {
            try {
                assertions.call();
                return;
            } catch (AssertionError | RuntimeException e) {
                if (time.nanoTime() - end > 0) {
                    throw e;
                }
            }
            CountDownLatch over = new CountDownLatch(1);
            time.schedule(POLL, over::countDown);
            if (!over.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the timer does not run");
            }
        }
    }
}
