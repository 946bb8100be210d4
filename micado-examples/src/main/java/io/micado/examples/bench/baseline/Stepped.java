package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * Lets a {@link StepRule} decide once a minute, by the rate of arrivals in that minute, as its authors' simulations do. Confined to
 * one thread.
 */
final class Stepped implements Autoscaler {
    private static final int STEP = 60;

    private final StepRule rule;
    private final double capacity;
    private final Recent offered = new Recent(STEP);
    private final Cadence steps = new Cadence(STEP);

    /** {@code capacity} is how many requests a second one instance serves. */
    Stepped(StepRule rule, double capacity) {
        this.rule = rule;
        this.capacity = capacity;
    }

    @Override
    public int decide(Observation seen) {
        if (!Double.isNaN(seen.offered())) {
            offered.add(seen.second(), seen.offered());
        }
        double mean = offered.meanAfter(seen.second() - STEP);
        return !steps.isDue(seen.second()) || Double.isNaN(mean)
                ? seen.desired()
                : Math.max(1, rule.next(seen.desired(), mean / capacity));
    }
}
