package io.micado.internal.plan;

import io.micado.api.error.ErrorKind;
import io.micado.internal.plan.PlannerMemory.OfferingMemory;
import io.micado.internal.plan.PlannerMemory.PoolMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long launches rest after failures. Called by {@link PlannerMemory} on the loop thread. Not instantiable. */
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

    private BackOff() {}

    static OfferingMemory afterLaunchFailure(
            OfferingMemory seen, ErrorKind kind, Optional<Duration> retryAfter, String why, Instant now) {
        // Failures that come in while it rests already belong to the same attempt, such as a launch of several workers.
        int failures = seen.mayLaunch(now) ? seen.failures() + 1 : Math.max(1, seen.failures());
        Duration rest =
                switch (kind) {
                    case RATE_LIMITED -> retryAfter.orElseGet(() -> doubled(FIRST_REST, failures));
                    case AUTHENTICATION -> AUTHENTICATION_REST;
                    // Nothing but the user's hand helps; the long rest ends by itself in case it has come.
                    case CONFIGURATION, UNSUPPORTED, NOT_FOUND -> LONGEST_REST;
                    // A single hiccup that surely changed nothing costs next to no time.
                    case TRANSIENT, CONFLICT -> failures == 1 ? HICCUP_REST : doubled(FIRST_REST, failures - 1);
                    case INSUFFICIENT_CAPACITY, QUOTA_EXCEEDED, OUTCOME_UNKNOWN, INTERNAL ->
                        doubled(FIRST_REST, failures);
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
        Duration rest = doubled(FIRST_JOIN_REST, failures - JOIN_FAILURES_ALLOWED);
        return seen.withJoinFailures(failures, Optional.of(now.plus(rest)));
    }

    private static Duration doubled(Duration first, int times) {
        // Ten doublings of 30 s are over 4 h: far beyond the longest rest, and far from an overflow.
        Duration rest = first.multipliedBy(1L << Math.min(times - 1, 10));
        return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
    }
}
