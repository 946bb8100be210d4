package io.micado.internal.plan;

import io.micado.api.worker.Node;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.util.Map;

/** Writes down on the node which worker it is, once the two are matched: from then on that label decides. A step of {@link FleetPlanner}. */
final class LabelNodes implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        if (!pass.mayChangeCluster()) {
            return;
        }
        for (PoolPlan pool : pass.pools()) {
            for (Worker worker : pool.roster().counting()) {
                worker.node()
                        .filter(node -> worker.state() == WorkerState.READY && !isLabelled(node, worker))
                        .ifPresent(node -> pass.draft().act(labelling(worker, node)));
            }
        }
    }

    private static boolean isLabelled(Node node, Worker worker) {
        return worker.id().value().equals(node.labels().get(Tags.WORKER))
                && worker.pool().equals(node.labels().get(Tags.POOL));
    }

    private static Action labelling(Worker worker, Node node) {
        return new Action.LabelNode(
                worker.id(),
                node.id(),
                Map.of(
                        Tags.WORKER, worker.id().value(),
                        Tags.POOL, worker.pool(),
                        Tags.FORMAT, Tags.FORMAT_VERSION),
                "its node joined");
    }
}
