package io.micado.simulation.fluid;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
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
import io.micado.internal.plan.Stabilization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/**
 * A policy of the product in a trial: shows it the world as the engine would, and does with its recommendations what the
 * planner does. Confined to one thread.
 */
final class ScalerAutoscaler implements Autoscaler {
    /** The metric that counts arriving requests per second, of the target as a whole. */
    static final String REQUESTS = "requests";

    private static final TaskState.Phase RUNNING = TaskState.Phase.RUNNING;
    private static final String NAME = "trial";
    private static final Resources ONE_CORE = Resources.ofMebibytes(1, 1024);
    private static final Duration OLD = Duration.ofDays(1);

    private final TrialSetting setting;
    private final Instant start;
    private final Scaler scaler;
    private final Behavior behavior;
    private final TargetId target;
    private final Stabilization stabilization;
    private final Map<String, ToDoubleFunction<Observation>> more;
    private final BiConsumer<Recommendation, Decision> listener;
    private final List<Instance> instances = new ArrayList<>();
    private PolicyState state = PolicyState.NONE;

    /** One replica or worker as policies see it, arriving and serving. */
    private record Instance(
            Worker arriving, Worker fresh, Worker ready, TaskState starting, TaskState running, MetricKey cpu) {}

    ScalerAutoscaler(
            TrialSetting setting,
            String policy,
            Scaler scaler,
            Behavior behavior,
            Map<String, ToDoubleFunction<Observation>> more,
            BiConsumer<Recommendation, Decision> listener) {
        this.setting = setting;
        start = setting.trace().start();
        this.scaler = scaler;
        this.behavior = behavior;
        this.more = new LinkedHashMap<>(more);
        this.listener = listener;
        target = new TargetId(setting.level(), NAME);
        stabilization = new Stabilization(target, policy, setting.bounds(), behavior, start);
    }

    @Override
    public int decide(Observation seen) {
        Instant now = start.plusSeconds(seen.second());
        Recommendation said = scaler.recommend(context(seen, now));
        state = said.state();
        Decision decision = stabilization.decide(seen.desired(), said, now);
        listener.accept(said, decision);
        return decision.to();
    }

    private ScalingContext context(Observation seen, Instant now) {
        boolean service = setting.level() == TargetId.Level.SERVICE;
        Duration interval = Duration.ofSeconds(setting.interval());
        return new ScalingContext(
                target,
                now,
                seen.desired(),
                seen.ready(),
                setting.bounds(),
                behavior,
                service ? Optional.of(serviceState(seen.desired())) : Optional.empty(),
                service ? tasks(seen, now) : List.of(),
                service ? List.of() : workers(seen),
                metrics(seen, now),
                interval,
                service ? lead() : interval,
                lead(),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                state);
    }

    private Duration lead() {
        return Duration.ofNanos(Math.round(setting.lead() * 1e9));
    }

    private MetricReadings metrics(Observation seen, Instant now) {
        Instant observedAt = now.minusNanos(Math.round(setting.lag() * 1e9));
        Duration window = Duration.ofNanos(Math.round(setting.window() * 1e9));
        Map<MetricKey, Sample> samples = new HashMap<>();
        if (!Double.isNaN(seen.utilisation())) {
            Sample use = new Sample(seen.utilisation(), observedAt, window);
            for (int i = 0; i < seen.measured(); i++) {
                samples.put(instance(i).cpu(), use);
            }
        }
        if (!Double.isNaN(seen.offered())) {
            samples.put(ofTarget(REQUESTS), new Sample(seen.offered(), observedAt, window));
        }
        more.forEach((name, metric) -> {
            double value = metric.applyAsDouble(seen);
            if (!Double.isNaN(value)) {
                Sample sample = new Sample(value, observedAt, window);
                samples.put(ofTarget(name), sample);
                samples.put(MetricKey.host(name), sample);
            }
        });
        return new MetricReadings(samples, List.of());
    }

    private MetricKey ofTarget(String metric) {
        return setting.level() == TargetId.Level.SERVICE
                ? MetricKey.service(metric, NAME)
                : MetricKey.pool(metric, NAME);
    }

    private List<Worker> workers(Observation seen) {
        List<Worker> workers = new ArrayList<>(seen.desired());
        for (int i = 0; i < seen.desired(); i++) {
            Instance instance = instance(i);
            Worker serving = i < seen.measured() ? instance.ready() : instance.fresh();
            workers.add(i < seen.ready() ? serving : instance.arriving());
        }
        return workers;
    }

    private List<TaskState> tasks(Observation seen, Instant now) {
        List<TaskState> tasks = new ArrayList<>(seen.desired());
        for (int i = 0; i < seen.desired(); i++) {
            Instance instance = instance(i);
            if (i < seen.measured()) {
                tasks.add(instance.running());
            } else {
                // One that serves without a sample has only just begun to.
                tasks.add(i < seen.ready() ? task(i, RUNNING, now) : instance.starting());
            }
        }
        return tasks;
    }

    private static ServiceState serviceState(int desired) {
        return ServiceState.builder(NAME, NAME)
                .desiredReplicas(desired)
                .reservation(ONE_CORE)
                .limit(ONE_CORE)
                .build();
    }

    private Instance instance(int index) {
        while (instances.size() <= index) {
            instances.add(newInstance(instances.size()));
        }
        return instances.get(index);
    }

    private Instance newInstance(int index) {
        NodeId node = new NodeId(id(index));
        Optional<Node> joined =
                Optional.of(Node.builder(node).capacity(ONE_CORE).build());
        return new Instance(
                worker(index, WorkerState.BOOTING, OLD, Optional.empty()),
                worker(index, WorkerState.READY, Duration.ZERO, joined),
                worker(index, WorkerState.READY, OLD, joined),
                task(index, TaskState.Phase.STARTING, start.minus(OLD)),
                task(index, RUNNING, start.minus(OLD)),
                setting.level() == TargetId.Level.SERVICE
                        ? MetricKey.task(Metric.CPU, id(index))
                        : MetricKey.node(Metric.CPU, node));
    }

    private static String id(int index) {
        return NAME + "-" + index;
    }

    private static TaskState task(int index, TaskState.Phase phase, Instant since) {
        return TaskState.placed(id(index), NAME, phase, new NodeId(id(index)), since, null);
    }

    private static Worker worker(int index, WorkerState state, Duration inState, Optional<Node> node) {
        return new Worker(
                new WorkerId(id(index)), NAME, state, inState, ONE_CORE, Optional.empty(), Optional.empty(), node, "");
    }
}
