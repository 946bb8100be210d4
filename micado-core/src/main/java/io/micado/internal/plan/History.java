package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.internal.plan.TargetMemory.Change;
import io.micado.internal.plan.TargetMemory.Stamped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Past recommendations of one target, each in force until the next. Used by {@link Stabilizer} and the planners on the loop
 * thread. Immutable.
 *
 * @param stamps oldest first
 */
record History(List<Stamped> stamps) {

    /** {@return since when recommendations are known without a gap} */
    Optional<Instant> since() {
        return stamps.isEmpty() ? Optional.empty() : Optional.of(stamps.get(0).at());
    }

    /** {@return the lowest that was in force in the window that ends now, the present one included} */
    int lowest(Duration window, Instant now, int present) {
        int lowest = present;
        for (Stamped stamp : inForce(window, now)) {
            lowest = Math.min(lowest, stamp.count());
        }
        return lowest;
    }

    /** {@return the highest that was in force in the window that ends now, the present one included} */
    int highest(Duration window, Instant now, int present) {
        int highest = present;
        for (Stamped stamp : inForce(window, now)) {
            highest = Math.max(highest, stamp.count());
        }
        return highest;
    }

    /** {@return this history with the present recommendation; what no window reaches any more is forgotten} */
    History plus(int count, Instant now, Behavior behavior) {
        Duration window = longer(behavior.out().stabilization(), behavior.in().stabilization());
        int first = firstReaching(now.minus(window));
        boolean repeated = !stamps.isEmpty() && stamps.get(stamps.size() - 1).count() == count;
        if (repeated && first == 0) {
            return this;
        }
        List<Stamped> kept = new ArrayList<>(stamps.subList(first, stamps.size()));
        if (!repeated) {
            kept.add(new Stamped(now, count));
        }
        return new History(kept);
    }

    /** {@return the changes that a rate or a cooldown still reaches} */
    static List<Change> reachable(List<Change> changes, Behavior behavior, Instant now) {
        Duration longest = Duration.ZERO;
        for (Behavior.Direction direction : List.of(behavior.out(), behavior.in())) {
            longest = longer(longest, direction.cooldown());
            for (Behavior.Rate rate : direction.rates()) {
                longest = longer(longest, rate.period());
            }
        }
        Instant start = now.minus(longest);
        return changes.stream().filter(change -> change.at().isAfter(start)).toList();
    }

    private List<Stamped> inForce(Duration window, Instant now) {
        return window.isZero() ? List.of() : stamps.subList(firstReaching(now.minus(window)), stamps.size());
    }

    /** The last one at or before the start was still in force then. */
    private int firstReaching(Instant start) {
        int first = 0;
        while (first + 1 < stamps.size() && !stamps.get(first + 1).at().isAfter(start)) {
            first++;
        }
        return first;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
