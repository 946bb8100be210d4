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
import java.util.stream.Stream;

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
            roster.counting().stream()
                    .filter(worker ->
                            !worker.state().isArriving() && !roster.calledBack().contains(worker.id()))
                    .forEach(worker -> add(worker, Role.TAKES_TASKS));
            roster.leaving().forEach(worker -> add(worker, Role.LOSES_TASKS));
            roster.givenUp().forEach(casualty -> add(casualty.worker(), Role.LOSES_TASKS));
            roster.drainedByOthers().forEach(worker -> add(worker, roleOfNode(worker)));
            roster.expectedBack()
                    .forEach(worker -> add(worker, keepsTasks(worker) ? Role.KEEPS_TASKS : Role.LOSES_TASKS));
        }
        state.workers().values().stream()
                .filter(worker -> !state.pools().containsKey(worker.pool()))
                .sorted(Comparator.comparing(Worker::id))
                .forEach(worker -> add(worker, roleOfNode(worker)));
        Set<NodeId> known = new HashSet<>();
        state.workers().values().forEach(worker -> worker.node().ifPresent(node -> known.add(node.id())));
        Stream.of(state.foreignNodes(), state.unmatchedNodes(), state.cluster().nodes())
                .flatMap(List::stream)
                .filter(node -> known.add(node.id()))
                .sorted(Comparator.comparing(Node::id))
                .forEach(node -> hosts.add(
                        new Host(hosts.size(), roleOf(node), NodeTraits.of(node), node.capacity(), Optional.empty())));
        for (PoolRoster roster : rosters) {
            roster.counting().stream()
                    .filter(worker -> worker.state().isArriving())
                    .forEach(worker -> add(worker, Role.ARRIVES));
        }
        for (PoolRoster roster : rosters) {
            roster.counting().stream()
                    .filter(worker -> roster.calledBack().contains(worker.id()))
                    .sorted(ReclaimLeavingWorkers.ORDER)
                    .forEach(worker -> add(worker, Role.ARRIVES));
        }
    }

    List<Host> hosts() {
        return List.copyOf(hosts);
    }

    private void add(Worker worker, Role role) {
        Optional<Offer> bought = worker.node().isPresent() ? Optional.empty() : market.of(worker);
        NodeTraits traits = worker.node()
                .map(NodeTraits::of)
                .or(() -> bought.map(Offer::traits))
                .orElseGet(() -> NodeTraits.comingTo(worker.pool()));
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
