package io.micado.telemetry;

import io.micado.Vitals;
import java.time.Duration;

/** Watches from outside whether a control loop makes passes. Used by whoever tells of its health. Thread-safe. */
public final class Progress {
    /** How long a loop may make no pass, at least, before it counts as stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int INTERVALS = 6;

    private long passes = -1;
    private long passedAt;

    /** Begins to watch. */
    public Progress(long nanoTime) {
        passedAt = nanoTime;
    }

    /** Looks whether passes were made since the last look. */
    public synchronized void look(Vitals vitals, long nanoTime) {
        if (vitals.passes() != passes) {
            passes = vitals.passes();
            passedAt = nanoTime;
        }
    }

    /** {@return for how long no pass was made, as far as was looked} */
    public synchronized Duration withoutPass(long nanoTime) {
        return Duration.ofNanos(Math.max(0, nanoTime - passedAt));
    }

    /** {@return whether the loop makes no progress: no pass for 30 s, or six intervals where that is more} */
    public boolean isStuck(Vitals vitals, long nanoTime) {
        Duration most = vitals.passInterval().multipliedBy(INTERVALS);
        return withoutPass(nanoTime).compareTo(most.compareTo(PATIENCE) > 0 ? most : PATIENCE) > 0;
    }
}
