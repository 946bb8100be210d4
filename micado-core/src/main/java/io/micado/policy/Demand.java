package io.micado.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * What a target's load needs, in instances that are fully used, as {@link DemandReader} measured it. Immutable.
 *
 * @param instances how many fully used instances it stands for; when saturated, at least so many
 * @param observedAt the middle of the time that was measured
 * @param interval how long it takes until there is another measurement
 * @param serving how many instances serve it
 * @param missing how many serve and have no usable sample
 * @param saturated whether they use all they have, so that it may be more
 * @param lowerBound whether it may be more because samples are missing or of newcomers only
 * @param words what was measured, for people
 */
record Demand(
        double instances,
        Instant observedAt,
        Duration interval,
        int serving,
        int missing,
        boolean saturated,
        boolean lowerBound,
        String words) {

    /** Nobody runs so many instances: it is a gauge that was not set yet, say. */
    static final double ABSURD = 1e12;
}
