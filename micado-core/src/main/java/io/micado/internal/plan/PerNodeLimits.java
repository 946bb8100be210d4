package io.micado.internal.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts what a host takes only so often: replicas of services with a limit for each node, and host ports. Used by
 * {@link PlacementSimulation}. Confined to one call of the planner.
 */
final class PerNodeLimits {
    private final Map<Integer, Map<Integer, Integer>> replicasByHost = new HashMap<>();
    private final Map<Integer, Set<String>> portsByHost = new HashMap<>();

    /** {@return how many more replicas a host takes, as far as these limits go} */
    int room(ServiceProfile service, int host) {
        if (!service.isLimitedPerNode()) {
            return Integer.MAX_VALUE;
        }
        Set<String> taken = portsByHost.getOrDefault(host, Set.of());
        if (service.hostPorts().stream().anyMatch(taken::contains)) {
            return 0;
        }
        int there = replicasByHost.getOrDefault(host, Map.of()).getOrDefault(service.index(), 0);
        return Math.max(0, service.mostPerNode() - there);
    }

    /** Counts replicas on a host; a negative number takes them away again. */
    void add(ServiceProfile service, int host, int replicas) {
        if (!service.isLimitedPerNode()) {
            return;
        }
        replicasByHost
                .computeIfAbsent(host, none -> new HashMap<>())
                .merge(service.index(), replicas, (before, more) -> before + more);
        if (!service.hostPorts().isEmpty()) {
            Set<String> taken = portsByHost.computeIfAbsent(host, none -> new HashSet<>());
            if (replicas > 0) {
                taken.addAll(service.hostPorts());
            } else {
                service.hostPorts().forEach(taken::remove);
            }
        }
    }
}
