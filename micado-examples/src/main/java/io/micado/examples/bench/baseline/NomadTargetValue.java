package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * The Nomad Autoscaler's strategy {@code target-value} on CPU at 70 % ({@code target-value/plugin/plugin.go}, {@code policy/handler.go}).
 * Confined to one thread.
 *
 * <p>Published defaults: evaluation every 10 s, skipped while any instance is not ready; threshold 0.01; cooldown 5 min after each
 * change, in both directions. Deviations: evaluation every 15 s.
 */
final class NomadTargetValue implements Autoscaler {
    private static final double TARGET = 0.7;
    private static final double THRESHOLD = 0.01;
    private static final int COOLDOWN = 300;
    private static final double ROUNDING = 1e-9;

    private int cooldownUntil;

    @Override
    public int decide(Observation seen) {
        boolean skipped = seen.arriving() > 0 || seen.measured() == 0 || seen.second() < cooldownUntil;
        double factor = seen.utilisation() / TARGET;
        if (skipped || Math.abs(factor - 1) <= THRESHOLD) {
            return seen.desired();
        }
        int wanted = (int) Math.ceil(seen.desired() * factor - ROUNDING);
        if (wanted != seen.desired()) {
            cooldownUntil = seen.second() + COOLDOWN;
        }
        return wanted;
    }
}
