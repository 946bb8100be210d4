package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;
import io.micado.simulation.fluid.TrialSetting;

/**
 * The clairvoyant oracle: knows the load to come and has at each moment the fewest instances with which everything is
 * served, decisions being made at the same times and instances taking the same lead time as for everybody else. Immutable.
 *
 * <p>What is needed between now and one interval after the lead time must be there or under way now: anything less could not be
 * made good in time, and anything more could be ordered later. So its instance-hours without head-room are the least that
 * serve everything.
 */
final class Oracle implements Autoscaler {
    private final TrialSetting setting;
    private final double headroom;

    /** {@code headroom} is a share of the load that is kept free besides. */
    Oracle(TrialSetting setting, double headroom) {
        this.setting = setting;
        this.headroom = headroom;
    }

    @Override
    public int decide(Observation seen) {
        double until = seen.second() + setting.lead() + setting.interval();
        return setting.needed((1 + headroom) * setting.trace().peak(seen.second(), until));
    }
}
