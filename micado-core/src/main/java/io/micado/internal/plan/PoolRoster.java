package io.micado.internal.plan;

import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The workers of one pool, told apart by what they are to a plan. Made once in a pass by {@link RollCall}. Immutable.
 *
 * @param pool the pool
 * @param counting those that are capacity now or soon
 * @param leaving those on their way out by our hand, the ones whose cordon is only just on its way included
 * @param drainedByOthers those that somebody else cordoned or drained: no capacity, and never touched
 * @param givenUp those to be retired, and why
 * @param newlyGivenUp how many of these were capacity before
 * @param neverJoined how many of the newly given up never joined
 * @param expectedBack those that are lost and not given up (yet)
 * @param repairSuspended why nothing is repaired; empty when it may be
 * @param arrivingSince since when those that have not joined have been known
 * @param sentAway the given up and the leaving, which count as capacity no more
 * @param calledBack those of the counting whose drain was cancelled only just now
 */
record PoolRoster(
        WorkerPool pool,
        List<Worker> counting,
        List<Worker> leaving,
        List<Worker> drainedByOthers,
        List<Casualty> givenUp,
        int newlyGivenUp,
        int neverJoined,
        List<Worker> expectedBack,
        Optional<String> repairSuspended,
        SortedMap<WorkerId, Instant> arrivingSince,
        SortedSet<WorkerId> sentAway,
        SortedSet<WorkerId> calledBack) {

    /**
     * A worker that is to be retired.
     *
     * @param worker the worker
     * @param why why it is given up
     */
    record Casualty(Worker worker, String why) {}

    /** {@return how many workers exist that the pool's maximum counts: all but those that are as good as gone} */
    int existing() {
        long stillHere = leaving.stream()
                .filter(worker ->
                        worker.state().countsAsCapacity() || worker.state().isDrainingCancellable())
                .count();
        return counting.size() + (int) stillHere + drainedByOthers.size() + expectedBack.size();
    }
}
