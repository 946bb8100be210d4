package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import java.time.Instant;

/**
 * How often in a row a metric was measured a little above its target, as {@link Patience} counts it. Immutable. It is never read
 * from text: after a restart the count begins anew, which costs two measurements.
 *
 * @param times how many measurements in a row
 * @param at when the latest of them was seen first
 */
record SlightExcess(int times, Instant at) implements PolicyState {
    @Override
    public int version() {
        return 1;
    }

    @Override
    public String encode() {
        return "slight-excess|" + times + "|" + at.toEpochMilli();
    }
}
