package io.micado.examples.bench;

import io.micado.simulation.fluid.TrialResult;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * The Kubernetes Horizontal Pod Autoscaler with the target at which it costs as much as a policy: what each leaves unserved for the
 * same money. Immutable.
 *
 * @param row what the policy came to
 * @param targetPercent the target
 * @param hpa what the autoscaler came to, which costs at least as much
 */
record EqualCost(BenchRow row, double targetPercent, TrialResult hpa) {
    private static final double LOWEST = 5;
    private static final double HIGHEST = 100;
    private static final int STEPS = 11;

    /** {@return the highest target at which it costs no less, found by bisection; {@code run} tries one} */
    static EqualCost of(BenchRow row, DoubleFunction<TrialResult> run) {
        double low = LOWEST;
        double high = HIGHEST;
        TrialResult dear = run.apply(low);
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            TrialResult tried = run.apply(middle);
            if (tried.instanceHours() >= row.result().instanceHours()) {
                low = middle;
                dear = tried;
            } else {
                high = middle;
            }
        }
        return new EqualCost(row, low, dear);
    }

    Figures.Figure figure() {
        String name = String.format(
                Locale.ROOT, "%s: unserved share against hpa-%.1f of the same cost", row.group(), targetPercent);
        return new Figures.Figure(name, row.result().unservedShare(), hpa.unservedShare());
    }
}
