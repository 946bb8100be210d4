package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * The Kubernetes Horizontal Pod Autoscaler, version 2 (autoscaling/v2; {@code replica_calculator.go}, {@code horizontal.go}) on
 * CPU utilisation. Confined to one thread.
 *
 * <p>Published defaults: sync every 15 s, tolerance 10 %, up at once by at most 100 % or 4 in 15 s, down after the highest
 * recommendation of 300 s and then as far as needed. Instances that are not ready are ignored on the way down and count
 * as idle on the way up; utilisation is cut to whole percent.
 *
 * <p>Deviations: an instance that was ready for a part of the window only counts as not ready, since no per-instance samples of
 * less than a window exist here. Applied to workers it is the same algorithm with the workers' lead time.
 */
final class Hpa implements Autoscaler {
    private static final double TOLERANCE = 0.1;
    private static final double ROUNDING = 1e-9;
    private static final int PERIOD = 15;
    private static final int DOWN_WINDOW = 300;

    private final double targetPercent;
    private final Recent recommendations = new Recent(DOWN_WINDOW);
    private final Recent added = new Recent(PERIOD);

    /** {@code targetPercent} is the utilisation to keep. */
    Hpa(double targetPercent) {
        this.targetPercent = targetPercent;
    }

    @Override
    public int decide(Observation seen) {
        begin(seen);
        if (seen.measured() == 0) {
            return seen.desired();
        }
        return decide(seen, replicas(seen));
    }

    /** {@return what becomes of a recommendation: stabilised and limited in its rate} */
    int decide(Observation seen, int raw) {
        begin(seen);
        int now = seen.second();
        int current = seen.desired();
        int highest = (int) recommendations.highestAfter(now - DOWN_WINDOW, raw);
        recommendations.add(now, raw);
        int stabilised = Math.min(Math.max(current, raw), Math.max(highest, raw));
        int start = current - (int) added.sumAfter(now - PERIOD);
        int most = Math.max(current, Math.max((int) Math.ceil(start * 2.0 - ROUNDING), start + 4));
        int limited = Math.min(stabilised, most);
        if (limited != current) {
            added.add(now, limited - current);
        }
        return limited;
    }

    /** The count that it finds is its first recommendation, so that nothing goes before a whole window. */
    private void begin(Observation seen) {
        if (recommendations.isEmpty()) {
            recommendations.add(seen.second(), seen.desired());
        }
    }

    private int replicas(Observation seen) {
        int current = seen.desired();
        int ignored = current - seen.measured();
        double ratio = ratio(seen.utilisation());
        if (ratio <= 1 || ignored == 0) {
            return withinTolerance(ratio) ? current : (int) Math.ceil(ratio * seen.measured() - ROUNDING);
        }
        // Those that still start count as idle, so that they are not ordered once more.
        double cautious = ratio(seen.utilisation() * seen.measured() / current);
        if (withinTolerance(cautious) || cautious < 1) {
            return current;
        }
        return Math.max(current, (int) Math.ceil(cautious * current - ROUNDING));
    }

    private double ratio(double utilisation) {
        return Math.floor(100 * utilisation + ROUNDING) / targetPercent;
    }

    private static boolean withinTolerance(double ratio) {
        return Math.abs(1 - ratio) <= TOLERANCE + ROUNDING;
    }
}
