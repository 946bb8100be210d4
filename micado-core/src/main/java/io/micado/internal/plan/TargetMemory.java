package io.micado.internal.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is remembered of one target. Immutable.
 *
 * @param recommendations recommendations, oldest first, as far back as the longest window reaches; each is in force until
 *     the next, so that equal ones in a row are one
 * @param unknownSince since when its policy has not been able to say anything; empty while it can
 * @param changes what we changed, oldest first, as far back as rates, cooldowns and conflicts reach
 * @param lastSeen the desired count that was seen in the last pass; empty in the first
 * @param lastSet the desired count that we asked for last; empty when we never did, or somebody else has changed it since
 * @param reversals when others changed what we had set
 * @param conflictUntil until when it is held because somebody else keeps changing it
 * @param replicaStarts seconds from decision to running of the latest replicas, oldest first, at most 20
 * @param hold the hold in force
 * @param rebalancedAt when its replicas were last started anew to spread them
 */
public record TargetMemory(
        List<Stamped> recommendations,
        Optional<Instant> unknownSince,
        List<Change> changes,
        OptionalInt lastSeen,
        OptionalInt lastSet,
        List<Instant> reversals,
        Optional<Instant> conflictUntil,
        List<Double> replicaStarts,
        Optional<Hold> hold,
        Optional<Instant> rebalancedAt) {
    /** Nothing remembered. */
    public static final TargetMemory EMPTY = new TargetMemory(
            List.of(),
            Optional.empty(),
            List.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    /** Copies the lists. */
    public TargetMemory {
        recommendations = List.copyOf(recommendations);
        changes = List.copyOf(changes);
        reversals = List.copyOf(reversals);
        replicaStarts = List.copyOf(replicaStarts);
    }

    TargetMemory withHistory(List<Stamped> history, Optional<Instant> outageSince) {
        return new TargetMemory(
                history,
                outageSince,
                changes,
                lastSeen,
                lastSet,
                reversals,
                conflictUntil,
                replicaStarts,
                hold,
                rebalancedAt);
    }

    TargetMemory withChanges(List<Change> kept) {
        return new TargetMemory(
                recommendations,
                unknownSince,
                kept,
                lastSeen,
                lastSet,
                reversals,
                conflictUntil,
                replicaStarts,
                hold,
                rebalancedAt);
    }

    TargetMemory withChange(Change change) {
        List<Change> all = new ArrayList<>(changes);
        all.add(change);
        return withChanges(all).withHand(lastSeen, OptionalInt.of(change.to()), reversals, conflictUntil);
    }

    TargetMemory withHand(OptionalInt seen, OptionalInt set, List<Instant> turnedBack, Optional<Instant> heldUntil) {
        return new TargetMemory(
                recommendations,
                unknownSince,
                changes,
                seen,
                set,
                turnedBack,
                heldUntil,
                replicaStarts,
                hold,
                rebalancedAt);
    }

    TargetMemory withHold(Optional<Hold> value) {
        return new TargetMemory(
                recommendations,
                unknownSince,
                changes,
                lastSeen,
                lastSet,
                reversals,
                conflictUntil,
                replicaStarts,
                value,
                rebalancedAt);
    }

    TargetMemory withRebalancedAt(Instant at) {
        return new TargetMemory(
                recommendations,
                unknownSince,
                changes,
                lastSeen,
                lastSet,
                reversals,
                conflictUntil,
                replicaStarts,
                hold,
                Optional.of(at));
    }

    TargetMemory withReplicaStarts(List<Double> seconds) {
        return new TargetMemory(
                recommendations,
                unknownSince,
                changes,
                lastSeen,
                lastSet,
                reversals,
                conflictUntil,
                seconds,
                hold,
                rebalancedAt);
    }

    TargetMemory withoutLatestChange() {
        return withChanges(changes.subList(0, Math.max(0, changes.size() - 1)))
                .withHand(lastSeen, OptionalInt.empty(), reversals, conflictUntil);
    }

    TargetMemory withChangesOf(TargetMemory other) {
        return withChanges(other.changes).withHand(lastSeen, other.lastSet, reversals, conflictUntil);
    }

    /**
     * A recommendation and when it was made. Immutable.
     *
     * @param at when
     * @param count how many
     */
    public record Stamped(Instant at, int count) {}

    /**
     * A change and when it was made. Immutable.
     *
     * @param at when
     * @param from the count before
     * @param to the count after
     */
    public record Change(Instant at, int from, int to) {}
}
