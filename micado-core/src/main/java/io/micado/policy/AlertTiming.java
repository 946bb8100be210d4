package io.micado.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When alerts are evaluated and how often they lead to an action. Used by {@link Alert}. Immutable.
 *
 * <p>With a group interval it is that of Prometheus and its Alertmanager: an alert that fires makes a group, the group is
 * looked at after the group wait and then once every group interval, and a look leads to a notification when more than the
 * repeat interval has passed since the last one. So a repeat of 60 s and an interval of 20 s make one every 80 s: at 60 s
 * the last one is a moment too young.
 *
 * @param evaluation how often the load is compared with the thresholds; zero does so in every pass
 * @param groupWait how long after it fires an alert may lead to its first action
 * @param groupInterval how often it may lead to the next ones; zero is at any time
 * @param repeat how long after an action the alert may lead to the next one
 */
record AlertTiming(Duration evaluation, Duration groupWait, Duration groupInterval, Duration repeat) {

    /** {@return the timing that evaluates and may act in each pass} */
    static AlertTiming eachPass(Duration repeat) {
        return new AlertTiming(Duration.ZERO, Duration.ZERO, Duration.ZERO, repeat);
    }

    /** {@return the timing of the Prometheus and Alertmanager that come with MiCADO 0.3} */
    static AlertTiming asInMicado03(Duration repeat) {
        return new AlertTiming(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(20), repeat);
    }

    /** {@return whether an alert that has gone and comes back is a new one, which need not wait for the repeat interval} */
    boolean forgetsWhatHasGone() {
        return !groupInterval.isZero();
    }

    /** {@return whether it is time to evaluate, when that was last done on this instant of its grid} */
    boolean evaluates(Optional<Instant> last, Instant now) {
        return last.isEmpty() || !now.isBefore(last.get().plus(evaluation));
    }

    /** {@return the instant on the grid of evaluations that {@code now} belongs to} */
    Instant evaluationAt(Optional<Instant> last, Instant now) {
        return last.isEmpty() || evaluation.isZero() ? now : gridAt(last.get(), evaluation, now);
    }

    /** {@return when an alert that fires since then was last looked at; empty when that is still to come} */
    Optional<Instant> lookedAt(Instant firingSince, Instant now) {
        Instant first = firingSince.plus(groupWait);
        if (now.isBefore(first)) {
            return Optional.empty();
        }
        return Optional.of(groupInterval.isZero() ? now : gridAt(first, groupInterval, now));
    }

    /** {@return whether a look on this instant leads to an action, when the last one was on that} */
    boolean repeats(Instant lookedAt, Instant notifiedAt) {
        Instant due = notifiedAt.plus(repeat);
        return groupInterval.isZero() ? !lookedAt.isBefore(due) : lookedAt.isAfter(due);
    }

    private static Instant gridAt(Instant origin, Duration interval, Instant now) {
        long steps = Duration.between(origin, now).dividedBy(interval);
        return origin.plus(interval.multipliedBy(steps));
    }
}
