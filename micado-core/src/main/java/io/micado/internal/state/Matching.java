package io.micado.internal.state;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the node that each of our machines became: by our label on the node, else by the engine's label, else by address or
 * host name. Immutable; computed on the loop thread.
 */
final class Matching {
    private final Map<WorkerId, Node> nodes = new LinkedHashMap<>();
    private final Set<NodeId> matched = new HashSet<>();

    /**
     * Matches.
     *
     * @param infrastructure our identity
     * @param machines our machines, by the worker that they were launched as
     * @param expected workers that are known from intents alone
     */
    Matching(
            InfrastructureId infrastructure,
            Collection<Node> candidates,
            Map<WorkerId, Machine> machines,
            Set<WorkerId> expected) {
        for (Node node : candidates) {
            if (infrastructure.value().equals(node.labels().get(Tags.INFRASTRUCTURE))) {
                label(Tags.WORKER, node.labels()).ifPresent(worker -> match(worker, node));
            }
        }
        for (Node node : candidates) {
            if (!matched.contains(node.id()) && !node.manager()) {
                label(Tags.WORKER, node.engineLabels())
                        .filter(worker -> machines.containsKey(worker) || expected.contains(worker))
                        .ifPresent(worker -> match(worker, node));
            }
        }
        matchByAddress(candidates, machines);
    }

    private void matchByAddress(Collection<Node> candidates, Map<WorkerId, Machine> machines) {
        Map<String, WorkerId> byPlace = new HashMap<>();
        machines.forEach((worker, machine) -> {
            if (!nodes.containsKey(worker)) {
                machine.addresses().forEach(address -> byPlace.put(address, worker));
                if (!machine.name().isBlank()) {
                    byPlace.put(machine.name().toLowerCase(Locale.ROOT), worker);
                }
            }
        });
        if (byPlace.isEmpty()) {
            return;
        }
        for (Node node : candidates) {
            if (matched.contains(node.id()) || node.manager()) {
                continue;
            }
            WorkerId worker = byPlace.get(node.address());
            if (worker == null) {
                worker = byPlace.get(node.hostname().toLowerCase(Locale.ROOT));
            }
            if (worker != null && !nodes.containsKey(worker)) {
                match(worker, node);
            }
        }
    }

    private void match(WorkerId worker, Node node) {
        Node known = nodes.get(worker);
        // A machine that was set up anew joins as a second node of the same worker: the one that answers counts.
        if (known == null || (known.status() != Node.Status.READY && node.status() == Node.Status.READY)) {
            if (known != null) {
                matched.remove(known.id());
            }
            nodes.put(worker, node);
            matched.add(node.id());
        }
    }

    private static Optional<WorkerId> label(String key, Map<String, String> labels) {
        String value = labels.getOrDefault(key, "");
        return value.isBlank() ? Optional.empty() : Optional.of(new WorkerId(value));
    }

    /** {@return the nodes of workers} */
    Map<WorkerId, Node> nodes() {
        return nodes;
    }

    /** {@return whether the node is one of our workers} */
    boolean isMatched(NodeId node) {
        return matched.contains(node);
    }
}
