package io.micado.internal.loop;

import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Learns how long new replicas take from the decision to running. Where they wait for a worker, or the service changes under
 * way, nothing is to be learnt. Confined to the loop thread.
 */
final class ReplicaStarts {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Map<String, Growth> growing = new HashMap<>();

    /** A service that was asked for more replicas. */
    private record Growth(Instant since, int replicas) {}

    /** A service was asked for more replicas than before. */
    void grows(String service, int replicas, Instant now) {
        growing.put(service, new Growth(now, replicas));
    }

    /** A service was asked for fewer replicas than before. */
    void shrinks(String service) {
        growing.remove(service);
    }

    /** {@return how long those services took whose replicas all run now} */
    Map<String, Duration> learn(ClusterView cluster, Instant now) {
        Map<String, Duration> learnt = new LinkedHashMap<>();
        if (growing.isEmpty()) {
            return learnt;
        }
        Map<String, Integer> running = new HashMap<>();
        for (TaskState task : cluster.tasks()) {
            if (task.phase() == TaskState.Phase.RUNNING) {
                running.merge(task.service(), 1, Integer::sum);
            } else if (waitsForRoom(task)) {
                growing.remove(task.service());
            }
        }
        Set<String> there = cluster.services().stream().map(ServiceState::name).collect(Collectors.toSet());
        growing.entrySet().removeIf(entry -> {
            Duration took = Duration.between(entry.getValue().since(), now);
            if (took.compareTo(LONGEST) > 0 || !there.contains(entry.getKey())) {
                return true;
            }
            boolean all =
                    running.getOrDefault(entry.getKey(), 0) >= entry.getValue().replicas();
            if (all) {
                learnt.put(entry.getKey(), took);
            }
            return all;
        });
        return learnt;
    }

    private static boolean waitsForRoom(TaskState task) {
        return task.phase() == TaskState.Phase.PENDING
                && task.pending()
                        .filter(cause -> cause != TaskState.PendingCause.OTHER)
                        .isPresent();
    }
}
