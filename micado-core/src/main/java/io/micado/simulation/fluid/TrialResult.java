package io.micado.simulation.fluid;

import io.micado.api.scaling.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What has come of a {@link PolicyTrial}. Immutable.
 *
 * <p>The elasticity scores are those of the SPEC research group (Herbst, Kounev, Reussner: Elasticity in Cloud Computing, 2013;
 * as normalised by Ilyushkin and others, 2017): of the instances that the load needs at each moment, how many lacked and how
 * many were too many, on average over time; and the shares of time in which that was so.
 *
 * @param duration how much time has passed
 * @param requests how many requests arrived
 * @param unservedShare the share of them that was not served, 0 to 1
 * @param underTimeShare the share of time in which more was asked for than could be served (τU), 0 to 1
 * @param overTimeShare the share of time in which fewer instances would have done (τO), 0 to 1
 * @param underAccuracy instances that lacked, as a share of those needed, on average over time (θU)
 * @param overAccuracy instances that were too many, as a share of those needed, on average over time (θO)
 * @param instanceHours the hours of all instances together, billed by the second from launch to end
 * @param billedHours the same, each instance billed for every hour that was begun
 * @param actions decisions that changed the count
 * @param reversals actions that went the other way than the one before
 * @param moved instances taken away while they served, each with the work that it had
 * @param peak the most instances at a time, arriving ones included
 * @param recovery how long after the first fault until everything was served again for a minute; empty without a fault, or if
 *     that never came
 * @param samples one for each decision, in their order
 * @param serving how many served, each time that it changed, from the start on
 * @param decisions decisions of a policy of the product that changed something, with the whole way to each; empty for others
 */
public record TrialResult(
        Duration duration,
        double requests,
        double unservedShare,
        double underTimeShare,
        double overTimeShare,
        double underAccuracy,
        double overAccuracy,
        double instanceHours,
        double billedHours,
        int actions,
        int reversals,
        long moved,
        int peak,
        Optional<Duration> recovery,
        List<Sample> samples,
        List<Serving> serving,
        List<Decision> decisions) {

    /** Copies the lists. */
    public TrialResult {
        samples = List.copyOf(samples);
        serving = List.copyOf(serving);
        decisions = List.copyOf(decisions);
    }

    /** {@return how often the count was changed in a day} */
    public double actionsPerDay() {
        return actions / (duration.toMillis() / 86_400_000.0);
    }

    /**
     * One decision. Immutable.
     *
     * @param second when, since the start
     * @param desired how many instances were asked for from then on
     * @param ready how many could serve
     */
    public record Sample(int second, int desired, int ready) {}

    /**
     * A change of those that serve. Immutable.
     *
     * @param second when, since the start
     * @param instances how many serve from then on
     */
    public record Serving(double second, int instances) {}
}
