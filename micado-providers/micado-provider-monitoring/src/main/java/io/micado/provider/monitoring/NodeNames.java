package io.micado.provider.monitoring;

import io.micado.api.metric.MetricRequest;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the node that the labels of a series are of: by the label that discovery wrote, else by the host in {@code instance}. Made for
 * one reading by {@link PrometheusMetrics}. Immutable.
 */
final class NodeNames {
    private final Map<String, NodeId> byHost = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    NodeNames(MetricRequest request) {
        Map<WorkerId, Machine> machines = new HashMap<>();
        request.machines().forEach(machine -> machine.worker().ifPresent(worker -> machines.put(worker, machine)));
        Set<String> ambiguous = new HashSet<>();
        for (Node node : request.cluster().nodes()) {
            if (node.status() != Node.Status.READY) {
                continue;
            }
            ids.add(node.id().value());
            List<String> names = new ArrayList<>(List.of(node.address(), node.hostname()));
            node.workerLabel().map(machines::get).map(Machine::addresses).ifPresent(names::addAll);
            for (String name : Set.copyOf(names)) {
                NodeId other = byHost.putIfAbsent(name, node.id());
                if (other != null && !other.equals(node.id())) {
                    ambiguous.add(name);
                }
            }
        }
        // What two nodes are called tells of neither.
        byHost.keySet().removeAll(ambiguous);
        byHost.remove("");
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    Optional<NodeId> find(Map<String, String> labels) {
        String id = labels.getOrDefault(ReadyQueries.NODE, "");
        if (!id.isEmpty()) {
            return ids.contains(id) ? Optional.of(new NodeId(id)) : Optional.empty();
        }
        return Optional.ofNullable(byHost.get(host(labels.getOrDefault(ReadyQueries.INSTANCE, ""))));
    }

    private static String host(String instance) {
        if (instance.startsWith("[")) {
            return instance.substring(1, Math.max(1, instance.indexOf(']')));
        }
        int colon = instance.lastIndexOf(':');
        return colon < 0 ? instance : instance.substring(0, colon);
    }
}
