package io.micado.internal.plan;

import io.micado.api.scaling.Behavior.Rate;
import io.micado.internal.plan.TargetMemory.Change;
import java.time.Instant;
import java.util.List;

/**
 * How far a count may go now, given what was changed in the periods of its rates; of several rates the one that allows most
 * counts. Used by {@link Stabilizer} on the loop thread. Immutable.
 *
 * @param changes what was changed lately
 * @param current the count now
 * @param now the time of the pass
 */
record RateLimit(List<Change> changes, int current, Instant now) {
    /** Keeps 10 × 1.1 from being 11.000000000000002, and so from being rounded up to 12. */
    private static final double ROUNDING = 1e-9;

    /** {@return the most that it may become; no less than it is} */
    int mostOut(List<Rate> rates) {
        if (rates.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        double most = current;
        for (Rate rate : rates) {
            int start = atStartOf(rate);
            double limit = switch (rate.unit()) {
                case COUNT -> start + rate.amount();
                case PERCENT -> Math.ceil(start * (1 + rate.amount() / 100) - ROUNDING);
            };
            most = Math.max(most, limit);
        }
        return (int) Math.min(most, Integer.MAX_VALUE);
    }

    /** {@return the least that it may become; no more than it is} */
    int leastIn(List<Rate> rates) {
        if (rates.isEmpty()) {
            return 0;
        }
        double least = current;
        for (Rate rate : rates) {
            int start = atStartOf(rate);
            double limit = switch (rate.unit()) {
                case COUNT -> start - rate.amount();
                case PERCENT -> Math.floor(start * (1 - rate.amount() / 100) + ROUNDING);
            };
            least = Math.min(least, limit);
        }
        return (int) Math.max(least, 0);
    }

    /** What was added in the period is taken back, and the other way round: the rate counts from there. */
    private int atStartOf(Rate rate) {
        Instant start = now.minus(rate.period());
        int count = current;
        for (Change change : changes) {
            if (change.at().isAfter(start)) {
                count -= change.to() - change.from();
            }
        }
        return count;
    }
}
