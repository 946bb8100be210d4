package io.micado.internal.act;

import io.micado.api.time.Timekeeper;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A {@link Clock} for libraries that want one, over our timekeeper. Immutable and thread-safe. */
final class TimekeeperClock extends Clock {
    private final Timekeeper time;

    TimekeeperClock(Timekeeper time) {
        this.time = time;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return time.wallClock();
    }
}
