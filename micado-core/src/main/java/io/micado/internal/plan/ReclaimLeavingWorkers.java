package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.util.Comparator;
import java.util.List;

/** Takes workers back that are cordoned or draining, when load has returned: sooner and cheaper than any launch. A step of {@link FleetPlanner}. */
final class ReclaimLeavingWorkers implements FleetStep {
    /** Cordoned ones first: from them nothing has been moved yet. */
    static final Comparator<Worker> ORDER = Comparator.comparing(
                    (Worker worker) -> worker.state() != WorkerState.CORDONED)
            .thenComparing(Worker::id);

    @Override
    public void take(FleetPass pass) {
        if (!pass.mayChangeCluster()) {
            return;
        }
        for (PoolPlan pool : pass.pools()) {
            for (Worker worker : candidates(pass, pool)) {
                if (pool.have() >= pool.ceiling()) {
                    break;
                }
                if (pool.shortage() > 0) {
                    pass.index().host(worker).ifPresent(pass::reopen);
                    pass.reclaim(
                            pool, worker, "load has returned: " + pool.trail().value() + " workers are wanted");
                } else if (!pass.unplaced().isEmpty()
                        && pass.index().host(worker).filter(pass::reopen).isPresent()
                        && pass.reclaim(pool, worker, "load has returned: tasks wait that fit on it")) {
                    pool.regret();
                    pool.raiseToWhatThereIs(Rule.PENDING_TASKS, "tasks wait that fit on a worker that was leaving");
                }
            }
        }
    }

    private static List<Worker> candidates(FleetPass pass, PoolPlan pool) {
        if (pool.shortage() == 0 && pass.unplaced().isEmpty()) {
            return List.of();
        }
        return pool.roster().leaving().stream()
                .filter(worker -> worker.state().isDrainingCancellable() && !pass.isTaken(worker))
                .sorted(ORDER)
                .toList();
    }
}
