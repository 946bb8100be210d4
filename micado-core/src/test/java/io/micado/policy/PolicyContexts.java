package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds what a policy sees, for tests: replicas and workers are added one by one, with what they use. Confined to one thread.
 *
 * <p>Unless told otherwise as many are desired as were added (arriving ones included), all samples are one second old, the
 * metric interval is 5 s, replicas run for ten minutes and stand on no known worker.
 */
public final class PolicyContexts {
    /** The time of the pass unless it is set. */
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Duration OLD = Duration.ofMinutes(10);

    private final TargetId target;
    private final List<TaskState> tasks = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<MetricKey, Sample> samples = new HashMap<>();
    private Instant now = NOW;
    private Duration sampleAge = Duration.ofSeconds(1);
    private Duration sampleInterval = Duration.ZERO;
    private Optional<Integer> desired = Optional.empty();
    private Optional<Integer> ready = Optional.empty();
    private Bounds bounds = Bounds.of(1, 100);
    private boolean updating;
    private Behavior behavior;
    private Resources reservation = Resources.ZERO;
    private Resources limit = Resources.ZERO;
    private Optional<NodeId> place = Optional.empty();
    private PolicyState state = PolicyState.NONE;

    private PolicyContexts(TargetId target, Behavior behavior) {
        this.target = target;
        this.behavior = behavior;
    }

    /** Starts with a service without replicas. */
    public static PolicyContexts service(String name) {
        return new PolicyContexts(TargetId.service(name), Behavior.REPLICAS);
    }

    /** Starts with a pool without workers. */
    public static PolicyContexts pool(String name) {
        return new PolicyContexts(TargetId.pool(name), Behavior.WORKERS);
    }

    /** Sets the time; to be called before anything is added. */
    public PolicyContexts at(Instant value) {
        now = value;
        return this;
    }

    /** Sets the age of the samples that are added from now on. */
    public PolicyContexts sampleAge(Duration value) {
        sampleAge = value;
        return this;
    }

    /** Sets how often the samples are measured that are added from now on; default as often as everything else. */
    public PolicyContexts sampleInterval(Duration value) {
        sampleInterval = value;
        return this;
    }

    /** Sets how many are asked for. */
    public PolicyContexts desired(int value) {
        desired = Optional.of(value);
        return this;
    }

    /** Sets how many are ready; default those that run. */
    public PolicyContexts ready(int value) {
        ready = Optional.of(value);
        return this;
    }

    /** Sets the bounds; default 1 to 100. */
    public PolicyContexts bounds(int min, int max) {
        bounds = Bounds.of(min, max);
        return this;
    }

    /** Sets the dead band in both directions. */
    public PolicyContexts tolerance(double out, double in) {
        behavior = new Behavior(behavior.out().withTolerance(out), behavior.in().withTolerance(in));
        return this;
    }

    /** Sets dead band, windows, rates and cooldowns. */
    public PolicyContexts behavior(Behavior value) {
        behavior = value;
        return this;
    }

    /** Sets what one replica reserves. */
    public PolicyContexts reservation(double cores, long memory) {
        reservation = Resources.of(cores, memory);
        return this;
    }

    /** Sets what one replica may use. */
    public PolicyContexts limit(double cores, long memory) {
        limit = Resources.of(cores, memory);
        return this;
    }

    /** Lets a new version be rolled out now. */
    public PolicyContexts updating() {
        updating = true;
        return this;
    }

    /** Sets the memory of the policy. */
    public PolicyContexts state(PolicyState value) {
        state = value;
        return this;
    }

    /** Places the replicas that are added from now on. */
    public PolicyContexts on(String worker) {
        place = Optional.of(new NodeId(worker));
        return this;
    }

    /** Adds running replicas, each with the cores that it uses. */
    public PolicyContexts replicas(double... cores) {
        for (double used : cores) {
            replica(OLD, Metric.CPU, used);
        }
        return this;
    }

    /** Adds so many running replicas that all use the same. */
    public PolicyContexts replicas(int count, double cores) {
        for (int i = 0; i < count; i++) {
            replica(OLD, Metric.CPU, cores);
        }
        return this;
    }

    /** Adds a running replica of this age, with one sample. */
    public PolicyContexts replica(Duration age, String metric, double value) {
        return sample(MetricKey.task(metric, task(TaskState.Phase.RUNNING, age)), value);
    }

    /** Adds running replicas without any sample. */
    public PolicyContexts unmeasured(int count) {
        return inPhase(TaskState.Phase.RUNNING, count);
    }

    /** Adds running replicas of this age without any sample. */
    public PolicyContexts unmeasured(int count, Duration age) {
        for (int i = 0; i < count; i++) {
            task(TaskState.Phase.RUNNING, age);
        }
        return this;
    }

    /** Adds replicas without any sample that are this far. */
    public PolicyContexts inPhase(TaskState.Phase phase, int count) {
        for (int i = 0; i < count; i++) {
            task(phase, OLD);
        }
        return this;
    }

    /** Adds a ready worker and the cores in use on it. */
    public PolicyContexts worker(String name, double cores, double used) {
        return worker(name, cores).sample(MetricKey.node(Metric.CPU, new NodeId(name)), used);
    }

    /** Adds a ready worker without any sample. */
    public PolicyContexts worker(String name, double cores) {
        return worker(name, cores, WorkerState.READY);
    }

    /** Adds a worker in this state without any sample. */
    public PolicyContexts worker(String name, double cores, WorkerState workerState) {
        Resources capacity = Resources.ofMebibytes(cores, 1024);
        Optional<Node> node = workerState.isArriving()
                ? Optional.empty()
                : Optional.of(Node.builder(new NodeId(name)).capacity(capacity).build());
        workers.add(new Worker(
                new WorkerId(name),
                "workers",
                workerState,
                OLD,
                capacity,
                Optional.empty(),
                Optional.empty(),
                node,
                "test"));
        return this;
    }

    /** Adds a number of the host program. */
    public PolicyContexts host(String metric, double value) {
        return sample(MetricKey.host(metric), value);
    }

    /** Adds a number of the target as a whole. */
    public PolicyContexts whole(String metric, double value) {
        return sample(
                target.level() == TargetId.Level.SERVICE
                        ? MetricKey.service(metric, target.name())
                        : MetricKey.pool(metric, target.name()),
                value);
    }

    /** Adds a sample of anything. */
    public PolicyContexts sample(MetricKey key, double value) {
        samples.put(key, Sample.of(value, now.minus(sampleAge)).every(sampleInterval));
        return this;
    }

    /** {@return the context} */
    public ScalingContext build() {
        int running = (int)
                (target.level() == TargetId.Level.SERVICE
                        ? tasks.stream()
                                .filter(t -> t.phase() == TaskState.Phase.RUNNING)
                                .count()
                        : workers.stream()
                                .filter(w -> w.state() == WorkerState.READY)
                                .count());
        int wanted = (int)
                (target.level() == TargetId.Level.SERVICE
                        ? tasks.stream()
                                .filter(t -> t.phase() != TaskState.Phase.STOPPING)
                                .count()
                        : workers.stream()
                                .filter(w -> w.state().countsAsCapacity())
                                .count());
        Optional<ServiceState> service = target.level() == TargetId.Level.POOL
                ? Optional.empty()
                : Optional.of(ServiceState.builder(target.name(), "id-" + target.name())
                        .desiredReplicas(desired.orElse(wanted))
                        .reservation(reservation)
                        .limit(limit)
                        .updating(updating)
                        .build());
        return new ScalingContext(
                target,
                now,
                desired.orElse(wanted),
                ready.orElse(running),
                bounds,
                behavior,
                service,
                tasks,
                workers,
                new MetricReadings(samples, List.of()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(90),
                10,
                0,
                state);
    }

    private String task(TaskState.Phase phase, Duration age) {
        String id = "task-" + (tasks.size() + 1);
        boolean pending = phase == TaskState.Phase.PENDING;
        tasks.add(new TaskState(
                id,
                target.name(),
                phase,
                pending ? Optional.empty() : place,
                now.minus(age),
                Optional.empty(),
                pending ? Optional.of(TaskState.PendingCause.INSUFFICIENT_RESOURCES) : Optional.empty(),
                ""));
        return id;
    }
}
