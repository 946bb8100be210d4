package io.micado.examples.bench.baseline;

import io.micado.api.scaling.TargetId;
import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;
import io.micado.simulation.fluid.TrialSetting;

/**
 * MiCADO 0.3, the project's own yardstick: two alerts of Prometheus for each level, each of which adds or takes one instance
 * as often as its Alertmanager notifies ({@code micado_cloud_init.yaml}, {@code executor_config.sh}). Confined to one thread.
 *
 * <p>Published numbers: rules are evaluated every 60 s. Workers: the mean CPU of 60 s above 60 % for 1 min adds one, below 20 %
 * for 2 min takes one, again every 5 min. Containers: the mean CPU of 30 s above 90 % of a core for 30 s adds one, below
 * 10 % takes one, again every minute. The first notification is 10 s after an alert fires.
 *
 * <p>Deviations: the original's most of 10 workers is lifted to the trial's bounds, since no trace here could be served by 10;
 * notifications happen on the grid of decisions, up to 15 s late; there is always a worker with idle CPU for one more container.
 */
final class Micado03 implements Autoscaler {
    private static final int EVALUATION = 60;
    private static final int GROUP_WAIT = 10;

    private final int window;
    private final int repeat;
    private final Alert above;
    private final Alert below;
    private final Cadence evaluations = new Cadence(EVALUATION);
    private final Recent load = new Recent(2 * EVALUATION);

    Micado03(TrialSetting setting) {
        boolean workers = setting.level() == TargetId.Level.POOL;
        window = workers ? 60 : 30;
        repeat = workers ? 300 : 60;
        above = workers ? new Alert(0.6, true, 60) : new Alert(0.9, true, 30);
        below = workers ? new Alert(0.2, false, 120) : new Alert(0.1, false, 30);
    }

    /** One alert: since when its condition holds, since when it fires, and when it last led to a notification. */
    private final class Alert {
        private static final int NEVER = Integer.MIN_VALUE / 2;

        private final double threshold;
        private final boolean isAbove;
        private final int longEnough;
        private int since = NEVER;
        private int firingSince = NEVER;
        private int notifiedAt = NEVER;

        Alert(double threshold, boolean isAbove, int longEnough) {
            this.threshold = threshold;
            this.isAbove = isAbove;
            this.longEnough = longEnough;
        }

        void evaluate(double use, int now) {
            if (isAbove ? use > threshold : use < threshold) {
                since = since == NEVER ? now : since;
                if (now - since >= longEnough && firingSince == NEVER) {
                    firingSince = now;
                }
            } else {
                since = NEVER;
                firingSince = NEVER;
                notifiedAt = NEVER;
            }
        }

        boolean notifies(int now) {
            boolean due = firingSince != NEVER && now >= firingSince + GROUP_WAIT && now - notifiedAt >= repeat;
            notifiedAt = due ? now : notifiedAt;
            return due;
        }
    }

    @Override
    public int decide(Observation seen) {
        int now = seen.second();
        if (!Double.isNaN(seen.utilisation())) {
            load.add(now, seen.utilisation());
        }
        if (evaluations.isDue(now)) {
            double use = load.meanAfter(now - window);
            // NaN compares as false: without samples no alert holds.
            above.evaluate(use, now);
            below.evaluate(use, now);
        }
        int count = seen.desired();
        if (above.notifies(now)) {
            count++;
        }
        if (below.notifies(now) && count > 1) {
            count--;
        }
        return count;
    }
}
