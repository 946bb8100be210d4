package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * KEDA 2.21 ({@code scale_scaledobjects.go}) with a request rate as its trigger: it hands an average-value metric to the Horizontal
 * Pod Autoscaler and only switches between none and one by itself. Confined to one thread.
 *
 * <p>Published defaults: those of the {@link Hpa}, which asks for the metric every 15 s. The target is 70 % of what an instance serves.
 * Deviations: since the trial keeps one instance at least, activation and cooldown never happen.
 */
final class Keda implements Autoscaler {
    private static final double TARGET = 0.7;
    private static final double TOLERANCE = 0.1;
    private static final double ROUNDING = 1e-9;

    private final double capacity;
    private final Hpa hpa = new Hpa(100 * TARGET);

    /** {@code capacity} is how many requests a second one instance serves. */
    Keda(double capacity) {
        this.capacity = capacity;
    }

    @Override
    public int decide(Observation seen) {
        if (Double.isNaN(seen.offered())) {
            return seen.desired();
        }
        double wanted = seen.offered() / (TARGET * capacity);
        boolean near = Math.abs(wanted / seen.desired() - 1) <= TOLERANCE + ROUNDING;
        return hpa.decide(seen, near ? seen.desired() : (int) Math.ceil(wanted - ROUNDING));
    }
}
