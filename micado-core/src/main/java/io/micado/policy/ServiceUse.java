package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.policy.Measurement.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures the replicas of a service by a metric of its tasks. Made for one context by the policies, on their threads.
 * Confined to one thread.
 */
final class ServiceUse {
    private final ScalingContext in;
    private final String metric;
    private final Basis basis;
    private final Duration warmUp;

    private final List<Part> measured = new ArrayList<>();
    private final List<Part> young = new ArrayList<>();
    private final List<TaskState> waiting = new ArrayList<>();
    private final List<TaskState> missing = new ArrayList<>();
    private Observed observed = Observed.NEVER;

    private ServiceUse(ScalingContext in, String metric, Basis basis, Duration warmUp) {
        this.in = in;
        this.metric = metric;
        this.basis = basis;
        this.warmUp = warmUp;
    }

    /**
     * {@return the measurement}
     *
     * @param metric the metric that each task has
     * @param basis what it is a share of
     * @param warmUp for how long the samples of a new replica are set apart
     */
    static Measurement of(ScalingContext in, String metric, Basis basis, Duration warmUp) {
        return new ServiceUse(in, metric, basis, warmUp).measure();
    }

    private Measurement measure() {
        Possible possible = new Possible(in, new FreshMetrics(in), metric);
        Instant youngSince = in.now().minus(warmUp);
        for (TaskState task : in.tasks()) {
            switch (task.phase()) {
                case RUNNING -> sort(task, possible.of(task), youngSince);
                case PENDING, STARTING -> waiting.add(task);
                case STOPPING, FAILED -> {
                    // On its way out, and what takes its place is another task.
                }
            }
        }
        return new Measurement(
                measured,
                young,
                unmeasured(waiting),
                unmeasured(missing),
                possible.impossible(),
                observed,
                basis.words(),
                isSaturated());
    }

    private void sort(TaskState task, Optional<Sample> sample, Instant youngSince) {
        if (sample.isEmpty()) {
            missing.add(task);
            return;
        }
        double use = sample.get().value();
        observed = observed.and(sample.get());
        (task.since().isAfter(youngSince) ? young : measured).add(new Part(use, basis.whole(task, use)));
    }

    private List<Part> unmeasured(List<TaskState> tasks) {
        List<Part> parts = new ArrayList<>(tasks.size());
        for (TaskState task : tasks) {
            parts.add(new Part(0, basis.whole(task).orElseGet(this::meanWhole)));
        }
        return parts;
    }

    private double meanWhole() {
        List<Part> known = measured.isEmpty() ? young : measured;
        return known.stream().mapToDouble(Part::whole).average().orElse(1);
    }

    private boolean isSaturated() {
        List<Part> known = measured.isEmpty() ? young : measured;
        if (!metric.equals(Metric.CPU) || known.isEmpty()) {
            return false;
        }
        double limit =
                in.service().map(ServiceState::limit).map(Resources::cpuCores).orElse(0.0);
        if (limit > 0) {
            double use = 0;
            for (Part part : known) {
                use += part.use();
            }
            return use / known.size() >= Measurement.SATURATION * limit;
        }
        return basis instanceof Basis.FreeCpu && Measurement.share(known) >= Measurement.SATURATION;
    }
}
