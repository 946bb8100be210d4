package io.micado.internal.plan;

import io.micado.api.worker.WorkerId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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

    PoolMemory withSentAway(WorkerId worker) {
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

    PoolMemory withRetirementsOf(PoolMemory other) {
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
