package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * The autoscaler of Google Compute Engine's managed instance groups on CPU ("Understanding autoscaler decisions"): as many as the sum
 * of the load needs at the target, the most of the last ten minutes. Confined to one thread.
 *
 * <p>Published defaults: target 60 %, stabilisation 10 min, initialisation 60 s during which an instance's use does not count.
 * Deviations: an instance that serves and was not measured yet stands for those that still initialise.
 */
final class Gce implements Autoscaler {
    private static final double TARGET = 0.6;
    private static final int STABILISATION = 600;
    private static final double ROUNDING = 1e-9;

    private final Recent sizes = new Recent(STABILISATION);

    @Override
    public int decide(Observation seen) {
        if (seen.measured() == 0) {
            return seen.desired();
        }
        int size = (int) Math.ceil(seen.utilisation() * seen.measured() / TARGET - ROUNDING);
        sizes.add(seen.second(), size);
        return (int) sizes.highestAfter(seen.second() - STABILISATION, size);
    }
}
