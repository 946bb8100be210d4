package io.micado.api.metric;

import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What the engine wants to know now. Immutable.
 *
 * @param cluster the nodes, services and tasks to measure
 * @param machines our machines, with the addresses of their engines where known
 * @param deadline in how long the answer has to be there; a partial answer in time beats a whole one too late
 */
public record MetricRequest(ClusterView cluster, List<Machine> machines, Duration deadline) {

    /** Checks that nothing is null. */
    public MetricRequest {
        Objects.requireNonNull(cluster, "cluster");
        machines = List.copyOf(machines);
        Objects.requireNonNull(deadline, "deadline");
    }
}
