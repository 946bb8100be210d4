package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.PastWanted;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Has {@link PredictiveScaler} live through what was measured before it was there: sample by sample, the oldest first, with as many
 * instances as it would have run. Called on the engine's thread for that. Not instantiable.
 *
 * <p>Two days at a minute: a time of day is known once another day has shown it, and {@link Season} goes by the minute.
 */
final class PredictivePast {
    private static final Duration SPAN = Duration.ofDays(2);
    private static final Duration STEP = Duration.ofMinutes(1);

    private PredictivePast() {}

    /** {@return what it wants to know of a target} */
    static PastWanted wanted(TargetId target, PredictiveSettings settings) {
        List<MetricKey> keys = settings.perInstance().keySet().stream()
                .flatMap(metric -> keys(target, metric).stream())
                .toList();
        return new PastWanted(keys.isEmpty() ? List.of(MetricName.ofTarget(target, Metric.CPU)) : keys, SPAN, STEP);
    }

    /** {@return what it would remember, had it been there; what it remembers now when nothing is known of the past} */
    static PolicyState learn(PredictiveSettings settings, ScalingContext in, MetricHistory past) {
        NavigableMap<Instant, Demand> demands = new TreeMap<>();
        if (settings.perInstance().isEmpty()) {
            double cores = coresOfOne(in);
            add(cores > 0 ? past.of(MetricName.ofTarget(in.target(), Metric.CPU)) : List.of(), cores, demands);
        } else {
            settings.perInstance().forEach((metric, amount) -> add(of(metric, in.target(), past), amount, demands));
        }
        NavigableMap<Instant, Demand> before = demands.headMap(in.now(), true);
        if (before.isEmpty()) {
            return in.state();
        }
        PredictiveMemory memory = PredictiveMemory.of(PolicyState.NONE, PredictiveScaler.seconds(in.now()));
        int running = in.desired();
        for (Map.Entry<Instant, Demand> entry : before.entrySet()) {
            ScalingContext then = at(in, entry.getKey(), running);
            running = in.bounds().clamp(new PredictivePass(settings, then, memory, entry.getValue()).replay());
        }
        return memory.state();
    }

    private static List<Sample> of(MetricName metric, TargetId target, MetricHistory past) {
        return keys(target, metric).stream()
                .map(past::of)
                .filter(samples -> !samples.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Adds what was needed at each step; of several totals the one that needs most counts. */
    private static void add(List<Sample> samples, double ofOne, NavigableMap<Instant, Demand> demands) {
        for (Sample sample : samples) {
            double instances = sample.value() / ofOne;
            if (instances >= 0 && instances < Demand.ABSURD) {
                int serving = (int) Math.ceil(instances);
                Demand demand =
                        new Demand(instances, DemandReader.middle(sample), STEP, serving, 0, false, false, "the past");
                // Two sources do not measure at the same moments.
                long steps = sample.observedAt().getEpochSecond() / STEP.toSeconds();
                demands.merge(
                        Instant.ofEpochSecond((steps + 1) * STEP.toSeconds()),
                        demand,
                        (a, b) -> a.instances() >= b.instances() ? a : b);
            }
        }
    }

    /** What one instance has now, and so is taken to have had; 0 when that is not known. */
    private static double coresOfOne(ScalingContext in) {
        List<Double> each = new ArrayList<>();
        if (in.target().level() == TargetId.Level.POOL) {
            for (Worker worker : in.workers()) {
                if (worker.state() == WorkerState.READY && worker.capacity().cpuCores() > 0) {
                    each.add(worker.capacity().cpuCores());
                }
            }
            return each.stream().mapToDouble(cores -> cores).average().orElse(0);
        }
        Basis basis = Basis.cpu(in);
        FreshMetrics metrics = new FreshMetrics(in);
        for (TaskState task : in.tasks()) {
            if (task.phase() == TaskState.Phase.RUNNING) {
                each.add(basis.whole(
                        task,
                        metrics.value(MetricKey.task(Metric.CPU, task.id())).orElse(0)));
            }
        }
        return each.stream().mapToDouble(cores -> cores).average().orElse(0);
    }

    /** Where a metric is looked for, the first place first. */
    private static List<MetricKey> keys(TargetId target, MetricName metric) {
        List<MetricKey> keys = new ArrayList<>();
        if (metric.scope().includes(MetricName.Scope.TARGET)) {
            keys.add(MetricName.ofTarget(target, metric.name()));
        }
        if (metric.scope().includes(MetricName.Scope.HOST)) {
            keys.add(MetricKey.host(metric.name()));
        }
        return keys;
    }

    private static ScalingContext at(ScalingContext in, Instant then, int desired) {
        return new ScalingContext(
                in.target(),
                then,
                desired,
                desired,
                in.bounds(),
                in.behavior(),
                in.service(),
                in.tasks(),
                in.workers(),
                in.metrics(),
                in.metricInterval(),
                in.replicaLeadTime(),
                in.workerLeadTime(),
                in.freeReplicas(),
                in.arrivingReplicas(),
                PolicyState.NONE);
    }
}
