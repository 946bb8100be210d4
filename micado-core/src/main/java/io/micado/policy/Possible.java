package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fresh samples of tasks and nodes that can be true: nobody uses less CPU or memory than none, nor more than there is for it.
 * What cannot be counts as not measured. Made for one context by the policies, on their threads. Confined to one thread.
 *
 * <p>A task can use what it is limited to, else what its worker has; where neither is known nothing is too much. Of other metrics
 * nothing is known to be impossible.
 */
final class Possible {
    /** What a sample spans has no sharp edges, so a little more than there is may be measured. */
    private static final double MARGIN = 1.2;

    private final ScalingContext in;
    private final FreshMetrics metrics;
    private final String metric;
    private final double limit;
    private @Nullable Map<NodeId, Worker> workers;
    private int impossible;

    Possible(ScalingContext in, FreshMetrics metrics, String metric) {
        this.in = in;
        this.metrics = metrics;
        this.metric = metric;
        // During an update some are of a version that may have had another limit.
        limit = in.service()
                .filter(service -> !service.updating())
                .map(ServiceState::limit)
                .map(this::amount)
                .orElse(0.0);
    }

    /** {@return what a task uses; empty when that was not measured, is too old or cannot be} */
    Optional<Sample> of(TaskState task) {
        Optional<Sample> sample = metrics.sample(MetricKey.task(metric, task.id()));
        return sample.isEmpty() || can(sample.get(), limit > 0 ? limit : ofWorker(task)) ? sample : Optional.empty();
    }

    /** {@return what is used on a worker; empty when that was not measured, is too old or cannot be} */
    Optional<Sample> of(Worker worker) {
        return worker.node()
                .flatMap(node -> metrics.sample(MetricKey.node(metric, node.id())))
                .filter(sample -> can(sample, amount(worker.capacity())));
    }

    /** {@return how many of the samples that were asked for cannot be} */
    int impossible() {
        return impossible;
    }

    private boolean can(Sample sample, double whole) {
        double most = whole > 0 ? MARGIN * whole : Double.POSITIVE_INFINITY;
        boolean can = !isResource() || (sample.value() >= 0 && sample.value() <= most);
        impossible += can ? 0 : 1;
        return can;
    }

    private boolean isResource() {
        return metric.equals(Metric.CPU) || metric.equals(Metric.MEMORY);
    }

    private double amount(Resources resources) {
        return switch (metric) {
            case Metric.CPU -> resources.cpuCores();
            case Metric.MEMORY -> resources.memoryBytes();
            default -> 0;
        };
    }

    private double ofWorker(TaskState task) {
        Worker worker = isResource() ? task.node().map(byNode()::get).orElse(null) : null;
        return worker == null ? 0 : amount(worker.capacity());
    }

    /** Found when first wanted: most services have a limit. */
    private Map<NodeId, Worker> byNode() {
        Map<NodeId, Worker> found = workers;
        if (found == null) {
            found = byNode(in);
            workers = found;
        }
        return found;
    }

    /** {@return the workers that have joined, by their nodes} */
    static Map<NodeId, Worker> byNode(ScalingContext in) {
        Map<NodeId, Worker> byNode = new HashMap<>();
        in.workers().forEach(worker -> worker.node().ifPresent(node -> byNode.put(node.id(), worker)));
        return byNode;
    }
}
