package io.micado.docker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks again and again until something real has become as expected. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    /** {@return the first value that is as wanted, or the last one when time is up, for an assertion that says what is wrong} */
    public static <T> T until(Supplier<T> look, Predicate<T> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        T seen = look.get();
        while (!wanted.test(seen) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            seen = look.get();
        }
        return seen;
    }
}
