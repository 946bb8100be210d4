package io.micado.internal.plan;

import io.micado.api.error.ErrorKind;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the planner remembers from one pass to the next. Immutable. It may be lost: then nothing is scaled in before one full
 * stabilization window has been seen.
 *
 * <p>All instants are of the time of {@link ClusterState#now()}. What becomes of effects comes back through the small
 * functions here, which the engine calls on the loop thread; each gives the memory that follows.
 *
 * @param observedSince since when passes have seen the cluster without a gap
 * @param targets by target
 * @param offerings by {@code POOL/OFFERING}
 * @param pools by pool
 * @param warnings what has been warned of and still is so; each is told once
 */
public record PlannerMemory(
        Instant observedSince,
        Map<TargetId, TargetMemory> targets,
        Map<String, OfferingMemory> offerings,
        Map<String, PoolMemory> pools,
        Set<String> warnings) {

    /** How many of the latest lead times are kept. */
    private static final int LEAD_TIMES = 20;

    /** Copies the collections, in the order of their keys. */
    public PlannerMemory {
        targets = sorted(targets);
        offerings = sorted(offerings);
        pools = sorted(pools);
        warnings = Collections.unmodifiableSortedSet(new TreeSet<>(warnings));
    }

    /** {@return the memory of an engine that starts now and knows nothing} */
    public static PlannerMemory startingAt(Instant now) {
        return new PlannerMemory(now, Map.of(), Map.of(), Map.of(), Set.of());
    }

    /** {@return the key of an offering of a pool} */
    public static String offeringKey(String pool, String offering) {
        return pool + "/" + offering;
    }

    /** {@return what is remembered of a target} */
    public TargetMemory target(TargetId target) {
        return targets.getOrDefault(target, TargetMemory.EMPTY);
    }

    /** {@return what is remembered of an offering of a pool} */
    public OfferingMemory offering(String pool, String offering) {
        return offerings.getOrDefault(offeringKey(pool, offering), OfferingMemory.EMPTY);
    }

    /** {@return what is remembered of a pool} */
    public PoolMemory pool(String pool) {
        return pools.getOrDefault(pool, PoolMemory.EMPTY);
    }

    /** {@return this memory, from now on seeing the cluster without a gap since then} */
    public PlannerMemory observedSince(Instant since) {
        return new PlannerMemory(since, targets, offerings, pools, warnings);
    }

    /** {@return this memory with a hold on a target, which takes the place of an earlier one} */
    public PlannerMemory withHold(TargetId target, Hold hold) {
        return withTarget(target, target(target).withHold(Optional.of(hold)));
    }

    /** {@return this memory without a hold on a target} */
    public PlannerMemory withoutHold(TargetId target) {
        return target(target).hold().isEmpty()
                ? this
                : withTarget(target, target(target).withHold(Optional.empty()));
    }

    /** {@return this memory after the latest change of a target was not carried out, so that it counts for no rate and no cooldown} */
    public PlannerMemory changeFailed(TargetId target) {
        return withTarget(target, target(target).withoutLatestChange());
    }

    /**
     * {@return this memory as it is when nothing of its pass is done, as in a dry run: what was seen and recommended stays, what was changed does not}
     *
     * @param before the memory that the pass began with
     */
    public PlannerMemory asIfNothingWasDone(PlannerMemory before) {
        Map<TargetId, TargetMemory> unchanged = new TreeMap<>();
        targets.forEach((id, memory) -> unchanged.put(id, memory.withChangesOf(before.target(id))));
        Map<String, PoolMemory> unchangedPools = new TreeMap<>();
        pools.forEach((name, memory) -> unchangedPools.put(name, memory.withRetirementsOf(before.pool(name))));
        return new PlannerMemory(observedSince, unchanged, offerings, unchangedPools, warnings);
    }

    /** {@return this memory after a replica of a service took so long from decision to running} */
    public PlannerMemory replicaStarted(TargetId target, double seconds) {
        TargetMemory seen = target(target);
        return withTarget(target, seen.withReplicaStarts(latest(seen.replicaStarts(), seconds)));
    }

    /**
     * {@return this memory after a launch of an offering failed: it rests, the longer the more often it failed in a row}
     *
     * @param pool the pool
     * @param offering the offering's name
     * @param kind what kind of failure
     * @param retryAfter how long the cloud asked us to wait
     * @param why the failure, for people
     * @param now when
     */
    public PlannerMemory launchFailed(
            String pool, String offering, ErrorKind kind, Optional<Duration> retryAfter, String why, Instant now) {
        return withOffering(
                pool, offering, BackOff.afterLaunchFailure(offering(pool, offering), kind, retryAfter, why, now));
    }

    /** {@return this memory after the cloud accepted a launch of an offering: it does not rest any more} */
    public PlannerMemory launchSucceeded(String pool, String offering) {
        OfferingMemory seen = offering(pool, offering);
        return seen.failures() == 0 && seen.restingUntil().isEmpty()
                ? this
                : withOffering(pool, offering, new OfferingMemory(0, Optional.empty(), "", seen.startSeconds()));
    }

    /** {@return this memory after a worker of a pool became ready, so many seconds after its launch} */
    public PlannerMemory workerReady(String pool, String offering, double seconds) {
        OfferingMemory seen = offering(pool, offering);
        return withOffering(
                        pool,
                        offering,
                        new OfferingMemory(0, Optional.empty(), "", latest(seen.startSeconds(), seconds)))
                .withPool(pool, pool(pool).withJoinFailures(0, Optional.empty()));
    }

    /**
     * {@return this memory after a machine of a pool never joined: after three in a row, launches stop for a while}. The
     * planner calls it itself for machines that it gives up; the engine calls it for launches that no cloud ever listed.
     */
    public PlannerMemory neverJoined(String pool, Instant now) {
        return withPool(pool, BackOff.afterJoinFailure(pool(pool), now));
    }

    /** {@return this memory after a worker of a pool was told to go: it does not count as capacity any more} */
    public PlannerMemory withSentAway(String pool, WorkerId worker) {
        return withPool(pool, pool(pool).withSentAway(worker));
    }

    PlannerMemory withTarget(TargetId target, TargetMemory memory) {
        return new PlannerMemory(observedSince, with(targets, target, memory), offerings, pools, warnings);
    }

    PlannerMemory withPool(String pool, PoolMemory memory) {
        return new PlannerMemory(observedSince, targets, offerings, with(pools, pool, memory), warnings);
    }

    private PlannerMemory withOffering(String pool, String offering, OfferingMemory memory) {
        return new PlannerMemory(
                observedSince, targets, with(offerings, offeringKey(pool, offering), memory), pools, warnings);
    }

    private static <K extends Comparable<K>, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        Map<K, V> changed = new TreeMap<>(map);
        changed.put(key, value);
        return changed;
    }

    private static <K extends Comparable<K>, V> Map<K, V> sorted(Map<K, V> map) {
        // Plans must not depend on the order of hash maps.
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    private static List<Double> latest(List<Double> seen, double value) {
        List<Double> all = new ArrayList<>(seen);
        all.add(value);
        return List.copyOf(all.subList(Math.max(0, all.size() - LEAD_TIMES), all.size()));
    }

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

        TargetMemory withHand(
                OptionalInt seen, OptionalInt set, List<Instant> turnedBack, Optional<Instant> heldUntil) {
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

        private TargetMemory withReplicaStarts(List<Double> seconds) {
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

        private TargetMemory withoutLatestChange() {
            return withChanges(changes.subList(0, Math.max(0, changes.size() - 1)))
                    .withHand(lastSeen, OptionalInt.empty(), reversals, conflictUntil);
        }

        private TargetMemory withChangesOf(TargetMemory other) {
            return withChanges(other.changes).withHand(lastSeen, other.lastSet, reversals, conflictUntil);
        }
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

    /**
     * What is remembered of one offering of a pool. Immutable.
     *
     * @param failures launches in a row that failed
     * @param restingUntil until when it is not tried
     * @param why the last failure, for people
     * @param startSeconds seconds from launch to ready of the latest workers, oldest first, at most 20
     */
    public record OfferingMemory(int failures, Optional<Instant> restingUntil, String why, List<Double> startSeconds) {
        /** Nothing remembered. */
        public static final OfferingMemory EMPTY = new OfferingMemory(0, Optional.empty(), "", List.of());

        /** Copies the list. */
        public OfferingMemory {
            startSeconds = List.copyOf(startSeconds);
        }

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
     * What is remembered of one pool. Immutable.
     *
     * @param joinFailures machines in a row that never joined
     * @param launchesStoppedUntil until when nothing is launched because of that
     * @param arrivingSince since when workers that have not joined yet have been known
     * @param sentAway workers whose release or retirement was planned, until they are gone or ready again: they do not count
     *     as capacity, whatever their state still says
     * @param calledBack workers whose drain was cancelled, until they are ready: they count as capacity again
     * @param missing how many lost workers have been retired and not replaced yet
     * @param refusedUntil workers that may not be released, because the guard said no or what runs there could not be moved,
     *     and until when
     * @param regret the last release that had to be taken back because tasks found no place without the worker
     * @param consolidation what is remembered of replacing workers by cheaper ones
     */
    public record PoolMemory(
            int joinFailures,
            Optional<Instant> launchesStoppedUntil,
            SortedMap<WorkerId, Instant> arrivingSince,
            SortedSet<WorkerId> sentAway,
            SortedSet<WorkerId> calledBack,
            int missing,
            SortedMap<WorkerId, Instant> refusedUntil,
            Optional<Regret> regret,
            ConsolidationMemory consolidation) {
        /** Nothing remembered. */
        public static final PoolMemory EMPTY = new PoolMemory(
                0,
                Optional.empty(),
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                0,
                new TreeMap<>(),
                Optional.empty(),
                ConsolidationMemory.EMPTY);

        /** Copies the collections, in the order of the workers' ids. */
        public PoolMemory {
            arrivingSince = Collections.unmodifiableSortedMap(new TreeMap<>(arrivingSince));
            sentAway = Collections.unmodifiableSortedSet(new TreeSet<>(sentAway));
            calledBack = Collections.unmodifiableSortedSet(new TreeSet<>(calledBack));
            refusedUntil = Collections.unmodifiableSortedMap(new TreeMap<>(refusedUntil));
        }

        /** {@return whether launches are stopped because machines never join} */
        public boolean launchesStopped(Instant now) {
            return launchesStoppedUntil.isPresent() && now.isBefore(launchesStoppedUntil.get());
        }

        PoolMemory withJoinFailures(int failures, Optional<Instant> stoppedUntil) {
            return new PoolMemory(
                    failures,
                    stoppedUntil,
                    arrivingSince,
                    sentAway,
                    calledBack,
                    missing,
                    refusedUntil,
                    regret,
                    consolidation);
        }

        PoolMemory withRefusedUntil(Map<WorkerId, Instant> refused) {
            return new PoolMemory(
                    joinFailures,
                    launchesStoppedUntil,
                    arrivingSince,
                    sentAway,
                    calledBack,
                    missing,
                    new TreeMap<>(refused),
                    regret,
                    consolidation);
        }

        private PoolMemory withSentAway(WorkerId worker) {
            SortedSet<WorkerId> going = new TreeSet<>(sentAway);
            going.add(worker);
            return new PoolMemory(
                    joinFailures,
                    launchesStoppedUntil,
                    arrivingSince,
                    going,
                    calledBack,
                    missing,
                    refusedUntil,
                    regret,
                    consolidation);
        }

        private PoolMemory withRetirementsOf(PoolMemory other) {
            return new PoolMemory(
                    other.joinFailures,
                    other.launchesStoppedUntil,
                    arrivingSince,
                    other.sentAway,
                    other.calledBack,
                    other.missing,
                    other.refusedUntil,
                    other.regret,
                    consolidation.withDeedsOf(other.consolidation));
        }
    }

    /**
     * A release that had to be taken back. It is not tried again before a time, nor before anything has changed: the orchestrator
     * places tasks in ways that no simulation foresees, and would only do so again. Immutable.
     *
     * @param times how many in a row
     * @param until until when nothing is released again
     * @param situation a fingerprint of what the services asked for and the pools had then
     */
    public record Regret(int times, Instant until, long situation) {}
}
