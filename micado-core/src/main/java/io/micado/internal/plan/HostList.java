package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import io.micado.internal.plan.Host.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells what each worker and each foreign node is as a host of tasks. Used by {@link ClusterIndex}. Confined to one call of the
 * planner.
 *
 * <p>The order matters, because simulations take the first host that has room: those that are ready come first, then those that
 * arrive, then those that were only just taken back. So what was reclaimed or launched for some tasks is found by the same tasks again in
 * the next pass.
 */
final class HostList {
    private final Market market;
    private final List<Host> hosts = new ArrayList<>();

    HostList(ClusterState state, Collection<PoolRoster> rosters, Market market) {
        this.market = market;
        for (PoolRoster roster : rosters) {
            for (Worker worker : roster.counting()) {
                if (!worker.state().isArriving() && !roster.calledBack().contains(worker.id())) {
                    add(worker, Role.TAKES_TASKS);
                }
            }
            roster.leaving().forEach(worker -> add(worker, Role.LOSES_TASKS));
            roster.givenUp().forEach(casualty -> add(casualty.worker(), Role.LOSES_TASKS));
            roster.drainedByOthers().forEach(worker -> add(worker, roleOfNode(worker)));
            roster.expectedBack()
                    .forEach(worker -> add(worker, keepsTasks(worker) ? Role.KEEPS_TASKS : Role.LOSES_TASKS));
        }
        Set<NodeId> known = new HashSet<>();
        List<Worker> ofNoPool = new ArrayList<>();
        for (Worker worker : state.workers().values()) {
            worker.node().ifPresent(node -> known.add(node.id()));
            if (!state.pools().containsKey(worker.pool())) {
                ofNoPool.add(worker);
            }
        }
        ofNoPool.sort(Comparator.comparing(Worker::id));
        ofNoPool.forEach(worker -> add(worker, roleOfNode(worker)));
        foreign(state, known)
                .forEach(node -> hosts.add(
                        new Host(hosts.size(), roleOf(node), NodeTraits.of(node), node.capacity(), Optional.empty())));
        for (PoolRoster roster : rosters) {
            for (Worker worker : roster.counting()) {
                if (worker.state().isArriving()) {
                    add(worker, Role.ARRIVES);
                }
            }
        }
        for (PoolRoster roster : rosters) {
            if (!roster.calledBack().isEmpty()) {
                roster.counting().stream()
                        .filter(worker -> roster.calledBack().contains(worker.id()))
                        .sorted(ReclaimLeavingWorkers.ORDER)
                        .forEach(worker -> add(worker, Role.ARRIVES));
            }
        }
    }

    /** The nodes that are no worker of ours, in the order of their ids. */
    private static List<Node> foreign(ClusterState state, Set<NodeId> known) {
        List<Node> foreign = new ArrayList<>();
        for (List<Node> nodes : List.of(
                state.foreignNodes(), state.unmatchedNodes(), state.cluster().nodes())) {
            for (Node node : nodes) {
                if (known.add(node.id())) {
                    foreign.add(node);
                }
            }
        }
        foreign.sort(Comparator.comparing(Node::id));
        return foreign;
    }

    List<Host> hosts() {
        return List.copyOf(hosts);
    }

    private void add(Worker worker, Role role) {
        Optional<Offer> bought = worker.node().isPresent() ? Optional.empty() : market.of(worker);
        NodeTraits traits = worker.node().isPresent()
                ? NodeTraits.of(worker.node().get())
                : bought.map(Offer::traits).orElseGet(() -> NodeTraits.comingTo(worker.pool()));
        Resources capacity = worker.capacity();
        if (bought.isPresent()) {
            Resources expected = bought.get().capacity().orElse(capacity);
            capacity = (capacity.isZero() ? expected : capacity.min(expected))
                    .minus(bought.get().overhead());
        }
        hosts.add(new Host(hosts.size(), role, traits, capacity, Optional.of(worker)));
    }

    private static Role roleOfNode(Worker worker) {
        return worker.node().map(HostList::roleOf).orElse(Role.LOSES_TASKS);
    }

    private static Role roleOf(Node node) {
        if (node.takesTasks()) {
            return Role.TAKES_TASKS;
        }
        boolean staysPut = node.status() != Node.Status.DOWN && node.availability() != Node.Availability.DRAIN;
        return staysPut ? Role.KEEPS_TASKS : Role.LOSES_TASKS;
    }

    private static boolean keepsTasks(Worker worker) {
        return worker.node().filter(node -> node.status() != Node.Status.DOWN).isPresent();
    }
}
