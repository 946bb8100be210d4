package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.internal.plan.TargetMemory.Change;
import java.time.Duration;
import java.time.Instant;

/**
 * Turns what a policy said into what is done: tolerance, stabilization window, rate limit, bounds, cooldown, in this order.
 * Called by {@link ServicePlanner} and {@link FleetPlanner} on the loop thread. Immutable and pure.
 *
 * <p>A count outside its bounds is brought inside at once, and the rest goes on from there. The tolerance is a dead band
 * around the current count, for policies that have not applied one to their own measure. It suppresses differences
 * strictly within the band and so never binds on small counts: 10 % of 3 is less than the smallest change there is, and 10 to
 * 11 passes, while 100 to 105 is suppressed.
 *
 * <p>Scaling in waits, besides, until a whole window has been seen since the engine started and since the policy first spoke.
 *
 * @param bounds the least and the most
 * @param behavior dead band, windows, rates and cooldowns
 * @param memory what is remembered of the target
 * @param observedSince since when the cluster is observed without a gap
 * @param now the time of the pass
 */
record Stabilizer(Bounds bounds, Behavior behavior, TargetMemory memory, Instant observedSince, Instant now) {

    /**
     * Takes the steps from the trail's count to the one that is to be.
     *
     * @param trail the way so far, which stands at the current count
     * @param said what the policy said
     */
    void apply(Trail trail, Recommendation said) {
        int base = bounds.clamp(trail.value());
        trail.step(Rule.BOUNDS, base, base == trail.value() ? "" : "must lie within " + bounds);
        if (!(said instanceof Recommendation.Capacity capacity)) {
            tellThatNothingIsKnown(trail, said.reason());
            return;
        }
        trail.recommend(capacity.count(), capacity.reason());
        dampen(trail, base, capacity);
        stabilize(trail, base);
        limitRate(trail, base);
        trail.step(
                Rule.BOUNDS,
                bounds.clamp(trail.value()),
                bounds.contains(trail.value()) ? "" : "must lie within " + bounds);
        coolDown(trail, base);
    }

    /** What the bounds have changed already was decided by them; otherwise it is not knowing that keeps the count. */
    private static void tellThatNothingIsKnown(Trail trail, String why) {
        if (trail.isBound()) {
            trail.step(Rule.UNKNOWN, trail.value(), why);
        } else {
            trail.bind(Rule.UNKNOWN, trail.value(), why);
        }
    }

    /** {@return what counts of a recommendation, before any window: the current count where it leads nowhere} */
    static int effective(Recommendation.Capacity said, int current, Behavior behavior) {
        if (said.lowerBound() && said.count() < current) {
            return current;
        }
        return withinTolerance(said, current, behavior) ? current : said.count();
    }

    private static boolean withinTolerance(Recommendation.Capacity said, int current, Behavior behavior) {
        if (said.deadBandApplied()) {
            return false;
        }
        int count = said.count();
        double tolerance =
                count > current ? behavior.out().tolerance() : behavior.in().tolerance();
        return Math.abs(count - current) < tolerance * current;
    }

    private void dampen(Trail trail, int base, Recommendation.Capacity said) {
        if (said.lowerBound() && said.count() < base) {
            trail.step(Rule.UNKNOWN, base, "metrics are incomplete, so it is not scaled in");
        } else if (withinTolerance(said, base, behavior)) {
            trail.step(
                    Rule.TOLERANCE,
                    base,
                    trail.value() == base ? "" : "differs from " + base + " by less than the tolerance");
        }
    }

    private void stabilize(Trail trail, int base) {
        int counted = trail.value();
        History history = new History(memory.recommendations());
        int lowest = history.lowest(behavior.out().stabilization(), now, counted);
        int highest = history.highest(behavior.in().stabilization(), now, counted);
        int stabilized = Math.min(Math.max(base, lowest), highest);
        if (stabilized != counted) {
            Duration window = counted > base
                    ? behavior.out().stabilization()
                    : behavior.in().stabilization();
            trail.step(Rule.STABILIZATION, stabilized, "most cautious of the last " + window.toSeconds() + " s");
        }
        if (stabilized < base) {
            Instant spokenSince = history.since().orElse(now);
            Duration seen = Duration.between(observedSince.isAfter(spokenSince) ? observedSince : spokenSince, now);
            if (seen.compareTo(behavior.in().stabilization()) < 0) {
                trail.step(
                        Rule.STABILIZATION,
                        base,
                        "seen for " + seen.toSeconds() + " s of the "
                                + behavior.in().stabilization().toSeconds() + " s that scaling in takes");
            }
        }
    }

    private void limitRate(Trail trail, int base) {
        RateLimit limit = new RateLimit(memory.changes(), base, now);
        int limited = trail.value() > base
                ? Math.min(trail.value(), limit.mostOut(behavior.out().rates()))
                : Math.max(trail.value(), limit.leastIn(behavior.in().rates()));
        trail.step(Rule.RATE_LIMIT, limited, limited == trail.value() ? "" : "no faster than its rate allows");
    }

    private void coolDown(Trail trail, int base) {
        if (trail.value() == base) {
            return;
        }
        boolean out = trail.value() > base;
        Duration cooldown = out ? behavior.out().cooldown() : behavior.in().cooldown();
        for (Change change : memory.changes()) {
            if (change.to() > change.from() == out && change.at().plus(cooldown).isAfter(now)) {
                trail.step(Rule.COOLDOWN, base, "changed less than " + cooldown.toSeconds() + " s ago");
                return;
            }
        }
    }
}
