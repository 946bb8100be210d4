package io.micado.internal.loop;

import io.micado.api.time.Timekeeper;
import java.time.Instant;

/**
 * The monotonic clock, told as instants: it starts with the wall clock and never jumps afterwards, so that ages can be
 * counted and yet be saved. Immutable and thread-safe.
 */
public final class SteadyClock {
    private final Timekeeper time;
    private final Instant wallAtStart;
    private final long nanosAtStart;

    /** Creates a clock that starts at the wall clock's time. */
    public SteadyClock(Timekeeper time) {
        this.time = time;
        wallAtStart = time.wallClock();
        nanosAtStart = time.nanoTime();
    }

    /** {@return the steady time} */
    public Instant now() {
        return wallAtStart.plusNanos(time.nanoTime() - nanosAtStart);
    }
}
