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
    private final Optional<SlightExcess> before;
    private Optional<SlightExcess> now = Optional.empty();

    Patience(ScalingContext in, Optional<SlightExcess> before) {
        this.in = in;
        this.before = before;
    }

    /**
     * {@return whether this many times the target is reason enough for more}
     *
     * @param observed the samples that it was made of
     */
    boolean believes(double ratio, Observed observed) {
        if (ratio > 1 + 2 * in.behavior().out().tolerance() || in.desired() == 0) {
            return true;
        }
        SlightExcess counted = before.map(earlier -> following(earlier, observed.interval()))
                .orElseGet(() -> new SlightExcess(1, in.now()));
        if (now.isEmpty() || counted.times() > now.get().times()) {
            now = Optional.of(counted);
        }
        return counted.times() >= BELIEVED;
    }

    /** Passes may come more often than measurements; the same one is not counted twice. */
    private SlightExcess following(SlightExcess earlier, Duration ofSamples) {
        Duration interval = FreshMetrics.longer(in.metricInterval(), ofSamples);
        boolean same = in.now().isBefore(earlier.at().plus(interval).minus(interval.dividedBy(10)));
        return same ? earlier : new SlightExcess(Math.min(BELIEVED, earlier.times() + 1), in.now());
    }

    /** {@return what to remember until the next pass} */
    Optional<SlightExcess> memory() {
        return now;
    }
}
