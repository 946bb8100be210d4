package io.micado.internal.plan;

import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the planner remembers from one pass to the next. Immutable. It may be lost: then nothing is scaled in before one full
 * stabilization window has been seen.
 *
 * <p>All instants are of the time of {@link ClusterState#now()}.
 *
 * @param observedSince since when passes have seen the cluster without a gap
 * @param targets by target
 * @param offerings by {@code POOL/OFFERING}
 * @param pools by pool
 */
public record PlannerMemory(
        Instant observedSince,
        Map<TargetId, TargetMemory> targets,
        Map<String, OfferingMemory> offerings,
        Map<String, PoolMemory> pools) {

    /** {@return the memory of an engine that starts now and knows nothing} */
    public static PlannerMemory startingAt(Instant now) {
        return new PlannerMemory(now, Map.of(), Map.of(), Map.of());
    }

    /** {@return the key of an offering of a pool} */
    public static String offeringKey(String pool, String offering) {
        return pool + "/" + offering;
    }

    /**
     * What is remembered of one target.
     *
     * @param recommendations recommendations, oldest first, as far back as the longest window reaches
     * @param changes what we changed, oldest first, as far back as rates, cooldowns and conflicts reach
     * @param lastSeen the desired count that was seen in the last pass; empty in the first
     * @param lastSet the desired count that we asked for last; empty when we never did
     * @param reversals when others changed what we had set
     * @param conflictUntil until when it is held because somebody else keeps changing it
     * @param replicaStarts seconds from decision to running of the latest replicas, oldest first, at most 20
     * @param hold the hold in force
     */
    public record TargetMemory(
            List<Stamped> recommendations,
            List<Change> changes,
            OptionalInt lastSeen,
            OptionalInt lastSet,
            List<Instant> reversals,
            Optional<Instant> conflictUntil,
            List<Double> replicaStarts,
            Optional<Hold> hold) {
        /** Nothing remembered. */
        public static final TargetMemory EMPTY = new TargetMemory(
                List.of(),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /**
     * A recommendation and when it was made.
     *
     * @param at when
     * @param count how many
     */
    public record Stamped(Instant at, int count) {}

    /**
     * A change and when it was made.
     *
     * @param at when
     * @param from the count before
     * @param to the count after
     */
    public record Change(Instant at, int from, int to) {}

    /**
     * What is remembered of one offering of a pool.
     *
     * @param failures launches in a row that failed for lack of capacity or quota, or were throttled
     * @param restingUntil until when it is not tried
     * @param why the last failure, for people
     * @param startSeconds seconds from launch to ready of the latest workers, oldest first, at most 20
     */
    public record OfferingMemory(
            int failures, Optional<Instant> restingUntil, String why, List<Double> startSeconds) {
        /** Nothing remembered. */
        public static final OfferingMemory EMPTY = new OfferingMemory(0, Optional.empty(), "", List.of());

        /** {@return whether it may be tried} */
        public boolean mayLaunch(Instant now) {
            return restingUntil.isEmpty() || !now.isBefore(restingUntil.get());
        }

        /** {@return the lead time: the mean of the starts that were seen, or the default} */
        public Duration leadTime(Duration defaultLeadTime) {
            if (startSeconds.isEmpty()) {
                return defaultLeadTime;
            }
            double mean = startSeconds.stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
            return Duration.ofMillis(Math.round(mean * 1000));
        }
    }

    /**
     * What is remembered of one pool.
     *
     * @param joinFailures machines in a row that never joined
     * @param launchesStoppedUntil until when nothing is launched because of that
     */
    public record PoolMemory(int joinFailures, Optional<Instant> launchesStoppedUntil) {
        /** Nothing remembered. */
        public static final PoolMemory EMPTY = new PoolMemory(0, Optional.empty());
    }
}
