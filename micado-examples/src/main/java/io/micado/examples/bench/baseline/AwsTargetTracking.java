package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;

/**
 * Target tracking of Amazon EC2 Auto Scaling on CPU at 70 %, as documented, with the cadence of the alarms that it makes. Confined
 * to one thread.
 *
 * <p>Published numbers: metrics of one minute (detailed monitoring); out when 3 points in a row are above the target; in when 15
 * points in a row are below 90 % of it; in proportion to the metric; the warm-up of 300 s holds further scale-out back, and nothing
 * is scaled in meanwhile.
 *
 * <p>Deviations: a warm-up is never set by default and then is the health-check grace period, 300 s here; the amount is rounded up. In is
 * gradual there, in steps that are not published; here it goes the whole way at once, and then waits for 15 new points.
 */
final class AwsTargetTracking implements Autoscaler {
    private static final double TARGET = 0.7;
    private static final double IN = 0.9 * TARGET;
    private static final int PERIOD = 60;
    private static final int OUT_POINTS = 3;
    private static final int IN_POINTS = 15;
    private static final int WARM_UP = 300;
    private static final double ROUNDING = 1e-9;

    private final Recent use = new Recent(PERIOD);
    private final Cadence points = new Cadence(PERIOD);
    private int above;
    private int below;
    private int warmUntil;

    @Override
    public int decide(Observation seen) {
        int now = seen.second();
        if (!Double.isNaN(seen.utilisation())) {
            use.add(now, seen.utilisation());
        }
        double point = use.meanAfter(now - PERIOD);
        if (!points.isDue(now) || Double.isNaN(point)) {
            return seen.desired();
        }
        above = point > TARGET ? above + 1 : 0;
        below = point < IN ? below + 1 : 0;
        int wanted = (int) Math.ceil(seen.ready() * point / TARGET - ROUNDING);
        if (above >= OUT_POINTS && now >= warmUntil && wanted > seen.desired()) {
            warmUntil = now + WARM_UP;
            return wanted;
        }
        if (below >= IN_POINTS && now >= warmUntil && wanted < seen.desired()) {
            below = 0;
            return Math.max(1, wanted);
        }
        return seen.desired();
    }
}
