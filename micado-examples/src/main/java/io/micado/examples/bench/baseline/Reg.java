package io.micado.examples.bench.baseline;

import java.util.ArrayDeque;

/**
 * Reg (Iqbal, Dailey, Carrera, Janecek: Adaptive resource provisioning for read intensive multi-tier applications in the cloud, 2011), as
 * in {@code Regression.py} of Ali-Eldin's collection: a parabola through the last 60 samples decides how many may go, and what
 * arrives how many come. Confined to one thread.
 *
 * <p>Deviations: the original lets only loads of 5 requests and more above the capacity count, which depends on the scale of a trace;
 * here each does. Before there are three samples for a parabola, the need of the last one takes its place.
 */
final class Reg implements StepRule {
    private static final int POINTS = 60;
    private static final double MARGIN = 1.2;
    private static final double REACTIVE = 1.05;

    private final ArrayDeque<Double> history = new ArrayDeque<>();

    @Override
    public int next(int capacity, double load) {
        int needed = StepRule.needed(load);
        history.addLast((double) needed);
        if (history.size() > POINTS) {
            history.removeFirst();
        }
        if (capacity > needed) {
            int predicted = history.size() < 3 ? needed : StepRule.needed(parabolaAhead());
            return predicted > 0 ? Math.min(capacity, StepRule.needed(MARGIN * predicted)) : capacity;
        }
        return load > capacity ? StepRule.needed(REACTIVE * load) : capacity;
    }

    /** The least-squares parabola's value one step after the last point. */
    private double parabolaAhead() {
        double[] powers = new double[5];
        double[] moments = new double[3];
        // Counting back from the step to predict keeps the numbers small, and its value is the constant term.
        int x = -history.size();
        for (double y : history) {
            double power = 1;
            for (int i = 0; i < powers.length; i++) {
                powers[i] += power;
                if (i < moments.length) {
                    moments[i] += power * y;
                }
                power *= x;
            }
            x++;
        }
        double a = powers[2] * powers[4] - powers[3] * powers[3];
        double b = powers[1] * powers[4] - powers[2] * powers[3];
        double c = powers[1] * powers[3] - powers[2] * powers[2];
        double determinant = powers[0] * a - powers[1] * b + powers[2] * c;
        return (moments[0] * a - moments[1] * b + moments[2] * c) / determinant;
    }
}
