package io.micado.api.spi;

import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Node;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A cluster as its orchestrator reports it. Immutable.
 *
 * @param clusterId the orchestrator's id of the cluster
 * @param observedAt when, on the orchestrator's clock
 * @param quorum whether the managers can still change anything
 * @param nodes all nodes
 * @param services all services
 * @param tasks all tasks that run or are wanted to
 */
public record ClusterView(
        String clusterId,
        Instant observedAt,
        boolean quorum,
        List<Node> nodes,
        List<ServiceState> services,
        List<TaskState> tasks) {

    /** Copies the lists and checks that nothing is null. */
    public ClusterView {
        Objects.requireNonNull(clusterId, "clusterId");
        Objects.requireNonNull(observedAt, "observedAt");
        nodes = List.copyOf(nodes);
        services = List.copyOf(services);
        tasks = List.copyOf(tasks);
    }
}
