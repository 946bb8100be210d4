package io.micado.api.scaling;

import io.micado.api.metric.MetricReadings;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that a policy sees of its target and of both levels. Immutable.
 *
 * @param target what is scaled
 * @param now the wall clock's time of this pass
 * @param desired how many replicas or workers are asked for now
 * @param ready how many of them run and have done so for a moment
 * @param bounds the least and the most
 * @param behavior dead band, windows and rates that will be applied to the recommendation
 * @param service the service; empty for a pool
 * @param tasks the tasks of the service, or all tasks on the workers of the pool
 * @param workers the workers of the pool, or for a service all workers that may run it
 * @param metrics the latest measurements, of everything
 * @param metricInterval how often measurements are taken by the quickest source; a sample of a slower one tells its own interval
 * @param replicaLeadTime how long a replica takes from decision to running, as measured; a default before the first
 * @param workerLeadTime how long the worker that would be bought next takes from decision to ready, as measured of its offering, else as
 *     the slowest of the others was; a default before the first
 * @param freeReplicas how many more replicas of the service fit now; {@link Integer#MAX_VALUE} when it reserves nothing
 * @param arrivingReplicas how many more will fit when the arriving workers have joined
 * @param state what this policy remembered of this target
 */
public record ScalingContext(
        TargetId target,
        Instant now,
        int desired,
        int ready,
        Bounds bounds,
        Behavior behavior,
        Optional<ServiceState> service,
        List<TaskState> tasks,
        List<Worker> workers,
        MetricReadings metrics,
        Duration metricInterval,
        Duration replicaLeadTime,
        Duration workerLeadTime,
        int freeReplicas,
        int arrivingReplicas,
        PolicyState state) {

    /** Copies the lists and checks that nothing is null. */
    public ScalingContext {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(bounds, "bounds");
        Objects.requireNonNull(behavior, "behavior");
        Objects.requireNonNull(service, "service");
        tasks = List.copyOf(tasks);
        workers = List.copyOf(workers);
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(metricInterval, "metricInterval");
        Objects.requireNonNull(replicaLeadTime, "replicaLeadTime");
        Objects.requireNonNull(workerLeadTime, "workerLeadTime");
        Objects.requireNonNull(state, "state");
    }

    /** {@return a copy with another memory, for a policy that asks other policies} */
    public ScalingContext withState(PolicyState other) {
        return new ScalingContext(
                target,
                now,
                desired,
                ready,
                bounds,
                behavior,
                service,
                tasks,
                workers,
                metrics,
                metricInterval,
                replicaLeadTime,
                workerLeadTime,
                freeReplicas,
                arrivingReplicas,
                other);
    }

    /** {@return how many of the tasks wait for a node} */
    public int pending() {
        return (int)
                tasks.stream().filter(t -> t.phase() == TaskState.Phase.PENDING).count();
    }
}
