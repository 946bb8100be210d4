package io.micado.policy;

import io.micado.api.scaling.ScalingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells growth from noise when a metric is above its target by little more than the dead band: noise does that now and then, and a
 * load that grows does it again and again. So an excess of up to twice the tolerance is believed when it was measured for the
 * third time in a row; a greater one is believed at once, and without a tolerance every one is. Made by {@link TrackerMemory} for
 * one context. Confined to one thread.
 *
 * <p>Of a measurement with 5 % of noise whose mean is 5 % below its target, one in a thousand is 10 % above the target, but no
 * three in a row in years.
 */
final class Patience {
    private static final int BELIEVED = 3;

    private final ScalingContext in;
    private final SlightExcess now;
    private boolean slight;

    Patience(ScalingContext in, Optional<SlightExcess> before) {
        this.in = in;
        now = before.map(this::following).orElseGet(() -> new SlightExcess(1, in.now()));
    }

    /** Passes may come more often than measurements; the same one is not counted twice. */
    private SlightExcess following(SlightExcess before) {
        Duration interval = in.metricInterval();
        boolean same = in.now().isBefore(before.at().plus(interval).minus(interval.dividedBy(10)));
        return same ? before : new SlightExcess(Math.min(BELIEVED, before.times() + 1), in.now());
    }

    /** {@return whether this many times the target is reason enough for more} */
    boolean believes(double ratio) {
        if (ratio > 1 + 2 * in.behavior().out().tolerance() || in.desired() == 0) {
            return true;
        }
        slight = true;
        return now.times() >= BELIEVED;
    }

    /** {@return what to remember until the next pass} */
    Optional<SlightExcess> memory() {
        return slight ? Optional.of(now) : Optional.empty();
    }
}
