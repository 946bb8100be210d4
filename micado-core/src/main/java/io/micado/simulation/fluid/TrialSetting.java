package io.micado.simulation.fluid;

import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.TargetId;
import io.micado.simulation.LoadTrace;
import java.util.Objects;

/**
 * The world of one trial. Immutable. All times are in seconds.
 *
 * @param trace the load
 * @param level what is scaled
 * @param capacity how many requests a second one instance serves
 * @param lead how long an instance takes from decision to serving
 * @param interval the time between two decisions
 * @param window over how long a measurement is an average
 * @param lag how old a measurement is when it is seen
 * @param bounds the least and the most instances
 * @param initial how many there are at the start, all serving
 */
public record TrialSetting(
        LoadTrace trace,
        TargetId.Level level,
        double capacity,
        double lead,
        int interval,
        double window,
        double lag,
        Bounds bounds,
        int initial) {

    /** Forgives rounding errors, so that 3.0000000001 times the capacity of one needs 3. */
    private static final double ROUNDING = 1e-9;

    /** Checks that nothing is null. */
    public TrialSetting {
        Objects.requireNonNull(trace, "trace");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(bounds, "bounds");
    }

    /** {@return how many instances serve this rate} */
    public int needed(double rate) {
        return (int) Math.ceil(rate / capacity - ROUNDING);
    }
}
