package io.micado;

import io.micado.api.scaling.Bounds;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an infrastructure looked like in its latest pass. Immutable.
 *
 * @param name the infrastructure's name
 * @param id its identity; empty before the cluster's store has told
 * @param at when the pass was made; empty before the first
 * @param acting whether this program acts, rather than only observing and recommending
 * @param notActingBecause why it does not act; empty when it does
 * @param services the services that are scaled
 * @param workers our workers
 * @param foreignNodes nodes that are not ours
 * @param pools the pools of workers, with what can be bought for them
 * @param tasks the tasks of all services of the cluster, whoever scales them
 * @param unknownSources what is not known at present and why, by source
 */
public record Status(
        String name,
        Optional<String> id,
        Optional<Instant> at,
        boolean acting,
        String notActingBecause,
        List<ServiceStatus> services,
        List<Worker> workers,
        List<Node> foreignNodes,
        List<WorkerPool> pools,
        List<TaskState> tasks,
        Map<String, String> unknownSources) {

    /** Copies the collections. */
    public Status {
        services = List.copyOf(services);
        workers = List.copyOf(workers);
        foreignNodes = List.copyOf(foreignNodes);
        pools = List.copyOf(pools);
        tasks = List.copyOf(tasks);
        unknownSources = Map.copyOf(unknownSources);
    }

    /**
     * A service that is scaled.
     *
     * @param name its name
     * @param image its image
     * @param desired how many replicas are asked for
     * @param running how many run
     * @param pending how many wait for a node
     * @param bounds the least and most replicas
     * @param policy the type of its policy
     * @param problem what keeps its tasks from running, in the orchestrator's words; empty when nothing does
     */
    public record ServiceStatus(
            String name,
            String image,
            int desired,
            int running,
            int pending,
            Bounds bounds,
            String policy,
            String problem) {}
}
