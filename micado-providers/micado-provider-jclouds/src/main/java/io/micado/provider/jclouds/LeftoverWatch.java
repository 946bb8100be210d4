package io.micado.provider.jclouds;

import io.micado.api.time.Timekeeper;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says in which lists it is worth while to look for leftovers too: in the first one of a program, for some time after each termination, while there
 * is no machine, and now and then; else a list costs one request. Thread-safe.
 */
final class LeftoverWatch {
    private static final Duration AFTER_TERMINATION = Duration.ofMinutes(5);
    private static final Duration NOW_AND_THEN = Duration.ofMinutes(10);

    private final Timekeeper timekeeper;
    private @Nullable Long lookUntil;
    private @Nullable Long looked;

    LeftoverWatch(Timekeeper timekeeper) {
        this.timekeeper = timekeeper;
    }

    /** Takes notice that something is being deleted, or failed to be made. */
    synchronized void expectSome() {
        lookUntil = timekeeper.nanoTime() + AFTER_TERMINATION.toNanos();
    }

    /** {@return whether to look now} */
    synchronized boolean isDue(boolean machines) {
        long now = timekeeper.nanoTime();
        boolean due = !machines
                || looked == null
                || now - looked >= NOW_AND_THEN.toNanos()
                || (lookUntil != null && now - lookUntil < 0);
        if (due) {
            looked = now;
        }
        return due;
    }
}
