package io.micado.internal.plan;

import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells the workers of one pool apart by what they are to a plan. Used by {@link TwoLevelPlanner} once for each pool in a pass. Confined to one call of the planner. */
final class RollCall {
    /** Repair stops when more workers of a pool than this, and than a third of them, are lost at once. */
    static final int LOST_AT_ONCE_ALLOWED = 3;

    private final ClusterState state;
    private final PoolMemory memory;
    private final WorkerHealth health;
    private final Optional<String> repairSuspended;

    private final List<Worker> counting = new ArrayList<>();
    private final List<Worker> leaving = new ArrayList<>();
    private final List<Worker> drainedByOthers = new ArrayList<>();
    private final List<PoolRoster.Casualty> givenUp = new ArrayList<>();
    private final List<Worker> expectedBack = new ArrayList<>();
    private final TreeMap<WorkerId, Instant> arrivingSince = new TreeMap<>();
    private final TreeSet<WorkerId> sentAway = new TreeSet<>();
    private final TreeSet<WorkerId> calledBack = new TreeSet<>();
    private int newlyGivenUp;
    private int neverJoined;

    private RollCall(ClusterState state, WorkerPool pool, PlannerMemory memory, List<Worker> workers) {
        this.state = state;
        this.memory = memory.pool(pool.name());
        health = new WorkerHealth(
                pool, memory, state.now(), !state.unmatchedNodes().isEmpty());
        repairSuspended = whyRepairIsSuspended(state, workers);
    }

    /**
     * {@return the roster of a pool}
     *
     * @param workers the pool's workers, in the order of their ids
     */
    static PoolRoster of(ClusterState state, WorkerPool pool, PlannerMemory memory, List<Worker> workers) {
        RollCall call = new RollCall(state, pool, memory, workers);
        workers.forEach(call::tell);
        return new PoolRoster(
                pool,
                call.counting,
                call.leaving,
                call.drainedByOthers,
                call.givenUp,
                call.newlyGivenUp,
                call.neverJoined,
                call.expectedBack,
                call.repairSuspended,
                call.arrivingSince,
                call.sentAway,
                call.calledBack);
    }

    private static Optional<String> whyRepairIsSuspended(ClusterState state, List<Worker> workers) {
        if (!state.clusterKnown()) {
            return Optional.of("the cluster does not answer");
        }
        if (!state.cluster().quorum()) {
            return Optional.of("the managers have no quorum");
        }
        int lost = 0;
        int all = 0;
        for (Worker worker : workers) {
            if (worker.state() != WorkerState.TERMINATING && worker.state() != WorkerState.GONE) {
                all++;
                lost += worker.state() == WorkerState.LOST && !drainedByOthers(worker) ? 1 : 0;
            }
        }
        return lost > Math.max(LOST_AT_ONCE_ALLOWED, all / 3.0)
                ? Optional.of(lost + " of " + all + " workers are lost at once")
                : Optional.empty();
    }

    private void tell(Worker worker) {
        switch (worker.state()) {
            case REQUESTED, BOOTING, JOINING -> tellArriving(worker);
            case READY -> tellReady(worker);
            case CORDONED, DRAINING -> tellDraining(worker);
            case LOST -> tellLost(worker);
            case LEAVING, TERMINATING -> tellLeaving(worker);
            case GONE -> {}
        }
    }

    private void tellArriving(Worker worker) {
        Instant since =
                memory.arrivingSince().getOrDefault(worker.id(), state.now().minus(worker.inState()));
        arrivingSince.put(worker.id(), since);
        if (memory.sentAway().contains(worker.id())) {
            keepSentAway(worker);
            return;
        }
        Optional<String> why = mayRepair(worker) ? health.whyGivenUp(worker, since) : Optional.empty();
        if (why.isEmpty()) {
            counting.add(worker);
            return;
        }
        giveUp(worker, why.get());
        neverJoined++;
    }

    private void tellReady(Worker worker) {
        // A worker that was sent away and is ready all the same has its cordon under way, or the cordon failed.
        if (memory.sentAway().contains(worker.id()) && isBusy(worker)) {
            tellLeaving(worker);
        } else {
            counting.add(worker);
        }
    }

    private void tellDraining(Worker worker) {
        if (memory.calledBack().contains(worker.id()) && isBusy(worker)) {
            calledBack.add(worker.id());
            counting.add(worker);
        } else if (drainedByOthers(worker)) {
            drainedByOthers.add(worker);
        } else {
            tellLeaving(worker);
        }
    }

    private void tellLeaving(Worker worker) {
        sentAway.add(worker.id());
        leaving.add(worker);
    }

    private void tellLost(Worker worker) {
        if (drainedByOthers(worker)) {
            drainedByOthers.add(worker);
        } else if (memory.sentAway().contains(worker.id())) {
            keepSentAway(worker);
        } else if (!mayRepair(worker)) {
            expectedBack.add(worker);
        } else if (worker.node().filter(Node::drainedByUs).isPresent()) {
            // It was leaving anyway: nothing is missing now.
            givenUp.add(new PoolRoster.Casualty(worker, worker.reason()));
            sentAway.add(worker.id());
        } else {
            Optional<String> why = health.whyGivenUp(worker, state.now());
            if (why.isEmpty()) {
                expectedBack.add(worker);
                return;
            }
            giveUp(worker, why.get());
            // One whose cloud tells why it failed counts against its offering, not against the pool.
            boolean failedLaunch = worker.machine().flatMap(Machine::failure).isPresent();
            if (memory.arrivingSince().containsKey(worker.id()) && worker.node().isEmpty() && !failedLaunch) {
                neverJoined++;
            }
        }
    }

    private void giveUp(Worker worker, String why) {
        givenUp.add(new PoolRoster.Casualty(worker, why));
        sentAway.add(worker.id());
        newlyGivenUp++;
    }

    private void keepSentAway(Worker worker) {
        sentAway.add(worker.id());
        givenUp.add(new PoolRoster.Casualty(worker, worker.reason()));
    }

    private boolean mayRepair(Worker worker) {
        return repairSuspended.isEmpty() && cloudIsKnown(state, worker) && !isBusy(worker);
    }

    /** {@return whether the worker's cloud tells what it has: only then the worker may be sent away} */
    static boolean cloudIsKnown(ClusterState state, Worker worker) {
        Optional<String> cloud =
                worker.machine().map(machine -> machine.id().cloud()).or(() -> cloudOfOffering(state, worker));
        return cloud.isEmpty() || !state.unknownClouds().contains(cloud.get());
    }

    private static Optional<String> cloudOfOffering(ClusterState state, Worker worker) {
        WorkerPool pool = state.pools().get(worker.pool());
        return pool == null
                ? Optional.empty()
                : pool.offerings().stream()
                        .filter(offering -> worker.offering()
                                .filter(offering.name()::equals)
                                .isPresent())
                        .map(Offering::cloud)
                        .findFirst();
    }

    private boolean isBusy(Worker worker) {
        return state.busy().contains(Action.subjectOf(worker.id()));
    }

    private static boolean drainedByOthers(Worker worker) {
        return worker.node()
                .filter(node -> node.availability() != Node.Availability.ACTIVE && !node.drainedByUs())
                .isPresent();
    }
}
