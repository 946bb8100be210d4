package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * The Knative Pod Autoscaler ({@code config-autoscaler}): tracks a mean of 60 s, and in a panic the latest seconds. Confined to one
 * thread.
 *
 * <p>Published defaults: target 70 %, stable window 60 s, panic window 6 s, panic from twice the capacity on and for 60 s after; in a
 * panic nothing is taken away; at most 1000 times as many, at least half as many at a time.
 *
 * <p>Deviations: it ticks every 15 s and not every 2 s, and its panic window is the last measurement of 15 s; concurrency is the
 * rate of arrivals over what an instance serves; the bounds of the trial end before 1000 times as many.
 */
final class Knative implements Autoscaler {
    private static final double TARGET = 0.7;
    private static final int STABLE = 60;
    private static final double PANIC = 2;
    private static final double ROUNDING = 1e-9;

    private final double capacity;
    private final Recent offered = new Recent(STABLE);
    private int panicUntil = -1;

    /** {@code capacity} is how many requests a second one instance serves. */
    Knative(double capacity) {
        this.capacity = capacity;
    }

    @Override
    public int decide(Observation seen) {
        if (Double.isNaN(seen.offered())) {
            return seen.desired();
        }
        int now = seen.second();
        offered.add(now, seen.offered());
        int stable = count(offered.meanAfter(now - STABLE));
        int panic = count(seen.offered());
        if (panic >= PANIC * seen.ready()) {
            panicUntil = now + STABLE;
        }
        int wanted = now < panicUntil ? Math.max(seen.desired(), Math.max(stable, panic)) : stable;
        return Math.max(wanted, seen.ready() / 2);
    }

    private int count(double rate) {
        return (int) Math.ceil(rate / (TARGET * capacity) - ROUNDING);
    }
}
