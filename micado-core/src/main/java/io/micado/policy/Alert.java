package io.micado.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One of the two conditions of {@link ThresholdScaler}: since when it holds, since when it has held long enough, and when it
 * last led to an action. Immutable.
 *
 * @param since since when the condition holds; empty when it does not
 * @param firingSince since when it has held long enough; empty when it has not
 * @param notifiedAt when it last led to an action; empty when it has not, or that no longer matters
 */
record Alert(Optional<Instant> since, Optional<Instant> firingSince, Optional<Instant> notifiedAt) {
    /** Neither holds nor ever led to an action. */
    static final Alert NONE = new Alert(Optional.empty(), Optional.empty(), Optional.empty());

    /** {@return this alert after the condition was evaluated} */
    Alert evaluated(boolean holds, Duration longEnough, AlertTiming timing, Instant now) {
        if (!holds) {
            return quiet(timing);
        }
        Instant start = since.orElse(now);
        boolean fires = !now.isBefore(start.plus(longEnough));
        return new Alert(
                Optional.of(start), fires ? Optional.of(firingSince.orElse(now)) : Optional.empty(), notifiedAt);
    }

    /** {@return this alert when its condition does not hold, or nobody can tell} */
    Alert quiet(AlertTiming timing) {
        return timing.forgetsWhatHasGone() ? NONE : new Alert(Optional.empty(), Optional.empty(), notifiedAt);
    }

    /** {@return whether it is to lead to an action now} */
    boolean isDue(AlertTiming timing, Instant now) {
        return firingSince
                .flatMap(fires -> timing.lookedAt(fires, now))
                .filter(look -> notifiedAt.isEmpty() || timing.repeats(look, notifiedAt.get()))
                .isPresent();
    }

    /** {@return this alert after it led to an action} */
    Alert notified(AlertTiming timing, Instant now) {
        return new Alert(since, firingSince, firingSince.flatMap(fires -> timing.lookedAt(fires, now)));
    }
}
