package io.micado.simulation;

import io.micado.api.service.TaskState.PendingCause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One search for a node by Swarm's rules: a pipeline of filters, then spread, that is the node with the fewest tasks of
 * the same service, then with the fewest tasks. Used under the lock of its {@link Swarm}; made for one search.
 */
final class Placement {
    private final SimulatedTask task;
    private final Map<Refusal, Integer> refusals = new EnumMap<>(Refusal.class);
    private @Nullable SimulatedNode best;

    private Placement(SimulatedTask task) {
        this.task = task;
    }

    static Placement search(SimulatedTask task, Collection<SimulatedNode> nodes) {
        Placement search = new Placement(task);
        if (task.pinned != null) {
            search.consider(task.pinned);
        } else {
            nodes.forEach(search::consider);
        }
        return search;
    }

    /** The node to place the task on; null when there is none. */
    @Nullable
    SimulatedNode node() {
        return best;
    }

    /** Why there is none, the way Swarm says it. */
    String message() {
        List<Refusal> found = new ArrayList<>();
        for (Refusal refusal : Refusal.values()) {
            if (count(refusal) > 0) {
                found.add(refusal);
            }
        }
        found.sort(Comparator.comparingInt(refusal -> -count(refusal)));
        if (found.isEmpty()) {
            return "no suitable node";
        }
        return "no suitable node ("
                + String.join("; ", found.stream().map(r -> r.explain(count(r))).toList()) + ")";
    }

    /** The cause that more workers cure, if that is among them; else the one of the most nodes. */
    PendingCause cause() {
        if (count(Refusal.RESOURCES) > 0) {
            return PendingCause.INSUFFICIENT_RESOURCES;
        }
        Refusal most = Refusal.NOT_READY;
        for (Refusal refusal : Refusal.values()) {
            if (count(refusal) > 0 && (most == Refusal.NOT_READY || count(refusal) > count(most))) {
                most = refusal;
            }
        }
        return most.cause;
    }

    private void consider(SimulatedNode node) {
        Refusal refusal = refusal(node);
        if (refusal != null) {
            refusals.merge(refusal, 1, Integer::sum);
        } else if (best == null || isBetter(node, best)) {
            best = node;
        }
    }

    /** The filters in Swarm's order; a node counts for the first that refuses it. */
    private @Nullable Refusal refusal(SimulatedNode node) {
        if (!node.takesTasks()) {
            return Refusal.NOT_READY;
        }
        if (!node.hasRoomFor(task.template)) {
            return Refusal.RESOURCES;
        }
        if (!task.template.allows(node)) {
            return Refusal.CONSTRAINTS;
        }
        if (!node.hasPortsFor(task.template)) {
            return Refusal.PORT;
        }
        if (task.template.maxReplicasPerNode().isPresent()
                && node.wantedOf(task.service)
                        >= task.template.maxReplicasPerNode().get()) {
            return Refusal.MAX_REPLICAS;
        }
        return null;
    }

    private boolean isBetter(SimulatedNode node, SimulatedNode than) {
        int byService = Integer.compare(node.wantedOf(task.service), than.wantedOf(task.service));
        return byService != 0 ? byService < 0 : node.wanted() < than.wanted();
    }

    private int count(Refusal refusal) {
        return refusals.getOrDefault(refusal, 0);
    }

    private enum Refusal {
        NOT_READY(PendingCause.NO_NODES, "%d node not available for new tasks", "%d nodes not available for new tasks"),
        RESOURCES(
                PendingCause.INSUFFICIENT_RESOURCES,
                "insufficient resources on %d node",
                "insufficient resources on %d nodes"),
        CONSTRAINTS(
                PendingCause.CONSTRAINTS,
                "scheduling constraints not satisfied on %d node",
                "scheduling constraints not satisfied on %d nodes"),
        PORT(
                PendingCause.PORT_TAKEN,
                "host-mode port already in use on %d node",
                "host-mode port already in use on %d nodes"),
        MAX_REPLICAS(
                PendingCause.MAX_REPLICAS_PER_NODE,
                "max replicas per node limit exceed",
                "max replicas per node limit exceed");

        private final PendingCause cause;
        private final String one;
        private final String many;

        Refusal(PendingCause cause, String one, String many) {
            this.cause = cause;
            this.one = one;
            this.many = many;
        }

        private String explain(int count) {
            return (count == 1 ? one : many).replace("%d", Integer.toString(count));
        }
    }
}
