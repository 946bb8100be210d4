package io.micado.internal.plan;

import io.micado.api.error.ErrorKind;
import io.micado.internal.plan.PoolMemory.Regret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long launches rest after failures, and releases after regrets. Called by {@link PlannerMemory} and {@link FleetPlanner} on the loop thread. Not instantiable. */
final class BackOff {
    /** How long an offering rests after its first failure; doubled after each further one. */
    static final Duration FIRST_REST = Duration.ofSeconds(30);
    /** How long it rests after one failure that surely changed nothing. */
    static final Duration HICCUP_REST = Duration.ofSeconds(5);
    /** The longest rest, of an offering and of a pool. */
    static final Duration LONGEST_REST = Duration.ofMinutes(30);
    /** How long an offering rests when the cloud refuses the credentials: they may rotate. */
    static final Duration AUTHENTICATION_REST = Duration.ofMinutes(5);
    /** How many machines in a row may fail to join before launches of their pool stop. */
    static final int JOIN_FAILURES_ALLOWED = 2;
    /** How long launches of a pool stop at first; doubled with each further machine that does not join. */
    static final Duration FIRST_JOIN_REST = Duration.ofMinutes(5);

    /** How long nothing is released after a release had to be taken back; doubled with each further one. */
    static final Duration FIRST_REGRET = Duration.ofMinutes(10);

    static final Duration LONGEST_REGRET = Duration.ofHours(4);

    private BackOff() {}

    static OfferingMemory afterLaunchFailure(
            OfferingMemory seen, ErrorKind kind, Optional<Duration> retryAfter, String why, Instant now) {
        // Failures that come in while it rests already belong to the same attempt, such as a launch of several workers.
        int failures = seen.mayLaunch(now) ? seen.failures() + 1 : Math.max(1, seen.failures());
        Duration rest = switch (kind) {
            case RATE_LIMITED -> retryAfter.orElseGet(() -> doubled(FIRST_REST, failures, LONGEST_REST));
            case AUTHENTICATION -> AUTHENTICATION_REST;
            // Nothing but the user's hand helps; the long rest ends by itself in case it has come.
            case CONFIGURATION, UNSUPPORTED, NOT_FOUND -> LONGEST_REST;
            // A single hiccup that surely changed nothing costs next to no time.
            case TRANSIENT, CONFLICT -> failures == 1 ? HICCUP_REST : doubled(FIRST_REST, failures - 1, LONGEST_REST);
            case INSUFFICIENT_CAPACITY, QUOTA_EXCEEDED, OUTCOME_UNKNOWN, INTERNAL ->
                doubled(FIRST_REST, failures, LONGEST_REST);
        };
        Instant until = now.plus(rest);
        Instant longest = seen.restingUntil().filter(until::isBefore).orElse(until);
        return new OfferingMemory(failures, Optional.of(longest), why, seen.startSeconds());
    }

    static PoolMemory afterJoinFailure(PoolMemory seen, Instant now) {
        int failures = seen.joinFailures() + 1;
        if (failures <= JOIN_FAILURES_ALLOWED) {
            return seen.withJoinFailures(failures, Optional.empty());
        }
        Duration rest = doubled(FIRST_JOIN_REST, failures - JOIN_FAILURES_ALLOWED, LONGEST_REST);
        return seen.withJoinFailures(failures, Optional.of(now.plus(rest)));
    }

    static Regret afterRegret(Optional<Regret> seen, long situation, Instant now) {
        int times = seen.map(Regret::times).orElse(0) + 1;
        return new Regret(times, now.plus(doubled(FIRST_REGRET, times, LONGEST_REGRET)), situation);
    }

    private static Duration doubled(Duration first, int times, Duration longest) {
        // Ten doublings are a thousandfold: beyond every longest rest, and far from an overflow.
        Duration rest = first.multipliedBy(1L << Math.min(times - 1, 10));
        return rest.compareTo(longest) > 0 ? longest : rest;
    }
}
