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
import java.util.Set;
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

    /**
     * {@return this memory after the cloud accepted a launch of an offering: it does not rest any more} Its failures are forgotten only when the
     * worker is ready: some clouds accept what they have no capacity for.
     */
    public PlannerMemory launchAccepted(String pool, String offering) {
        OfferingMemory seen = offering(pool, offering);
        return seen.restingUntil().isEmpty()
                ? this
                : withOffering(
                        pool,
                        offering,
                        new OfferingMemory(seen.failures(), Optional.empty(), seen.why(), seen.startSeconds()));
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
}
