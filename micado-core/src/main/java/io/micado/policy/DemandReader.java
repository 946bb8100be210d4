package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Measures how much of its instances a target's load needs, from their CPU or from totals that the host program or a source
 * counts. Made for one pass by {@link PredictiveScaler}. Confined to one thread.
 *
 * <p>What nobody measured is not zero: an instance without a sample is taken to be as busy as the others, one that has only just
 * begun to serve is left out, and one whose sample is more than it can use counts as not measured.
 */
final class DemandReader {
    private static final double SATURATION = 0.95;

    private final ScalingContext in;
    private final FreshMetrics metrics;
    private final Possible possible;
    /** What started later is young: its CPU tells of its start. */
    private final Instant youngSince;

    private double use;
    private double whole;
    private int measured;
    private double youngUse;
    private double youngWhole;
    private int young;
    /** Since when each runs that has no usable sample. */
    private final List<Instant> unmeasured = new ArrayList<>();

    private Instant observedAt = Instant.MIN;
    private Duration interval;

    private DemandReader(ScalingContext in, Duration warmUp) {
        this.in = in;
        metrics = new FreshMetrics(in);
        interval = in.metricInterval();
        possible = new Possible(in, metrics, Metric.CPU);
        youngSince = in.now().minus(warmUp);
    }

    /**
     * {@return the demand; empty when nothing was measured}
     *
     * @param perInstance how much of a total one instance carries when fully used, by the metric's name; none measures CPU
     * @param warmUp for how long the CPU of a new replica tells of its start
     */
    static Optional<Demand> read(ScalingContext in, Map<MetricName, Double> perInstance, Duration warmUp) {
        DemandReader reader = new DemandReader(in, warmUp);
        return perInstance.isEmpty() ? reader.ofCpu() : reader.ofTotals(perInstance);
    }

    // ---- totals

    private Optional<Demand> ofTotals(Map<MetricName, Double> perInstance) {
        Optional<Demand> most = Optional.empty();
        boolean incomplete = false;
        for (Map.Entry<MetricName, Double> entry : perInstance.entrySet()) {
            Optional<Sample> total = entry.getKey().whole(in.target(), metrics);
            double instances = total.map(Sample::value).orElse(-1.0) / entry.getValue();
            if (instances < 0 || instances >= Demand.ABSURD) {
                incomplete = true;
                continue;
            }
            if (most.isEmpty() || instances > most.get().instances()) {
                String words = entry.getKey().name() + " at "
                        + Words.number(total.get().value());
                most = Optional.of(new Demand(
                        instances,
                        middle(total.get()),
                        FreshMetrics.longer(interval, total.get().interval()),
                        in.ready(),
                        0,
                        false,
                        false,
                        words));
            }
        }
        boolean lowerBound = incomplete;
        return most.map(d -> new Demand(
                d.instances(), d.observedAt(), d.interval(), d.serving(), d.missing(), false, lowerBound, d.words()));
    }

    // ---- CPU

    private Optional<Demand> ofCpu() {
        if (in.target().level() == TargetId.Level.POOL) {
            in.workers().forEach(this::add);
            return demand("of what its workers have", () -> use >= SATURATION * whole);
        }
        double limit =
                in.service().map(ServiceState::limit).map(Resources::cpuCores).orElse(0.0);
        Basis basis = Basis.cpu(in);
        in.tasks().forEach(task -> add(task, basis));
        return demand(
                basis.words(),
                () -> limit > 0
                        ? use >= SATURATION * limit * measured
                        : basis instanceof Basis.FreeCpu && use >= SATURATION * whole);
    }

    private void add(Worker worker) {
        double cores = worker.capacity().cpuCores();
        if (worker.state() != WorkerState.READY || cores <= 0) {
            return;
        }
        count(possible.of(worker), cores, in.now().minus(worker.inState()), false);
    }

    private void add(TaskState task, Basis basis) {
        if (task.phase() != TaskState.Phase.RUNNING) {
            return;
        }
        Optional<Sample> sample = possible.of(task);
        double cores = sample.map(Sample::value).orElse(0.0);
        count(sample, basis.whole(task, cores), task.since(), task.since().isAfter(youngSince));
    }

    private void count(Optional<Sample> sample, double has, Instant since, boolean isYoung) {
        if (sample.isEmpty()) {
            unmeasured.add(since);
            return;
        }
        double cores = sample.get().value();
        Instant middle = middle(sample.get());
        observedAt = middle.isAfter(observedAt) ? middle : observedAt;
        interval = FreshMetrics.longer(interval, sample.get().interval());
        if (isYoung) {
            young++;
            youngUse += cores;
            youngWhole += has;
        } else {
            measured++;
            use += cores;
            whole += has;
        }
    }

    private Optional<Demand> demand(String basis, BooleanSupplier isSaturated) {
        boolean onlyYoung = measured == 0;
        if (onlyYoung) {
            measured = young;
            use = youngUse;
            whole = youngWhole;
            young = 0;
        }
        if (measured == 0 || whole <= 0) {
            return Optional.empty();
        }
        // What started later is too new to be missed.
        Instant newSince = in.now().minus(interval.multipliedBy(2));
        int missing = (int)
                unmeasured.stream().filter(since -> !since.isAfter(newSince)).count();
        double share = use / whole;
        // Starting burns CPU that serving does not: a newcomer counts no more than the others.
        double youngShare = young == 0 ? 0 : Math.min(share, youngUse / youngWhole);
        double instances = share * (measured + missing) + youngShare * young;
        String words =
                Metric.CPU + " at " + Words.percent(ProportionalRule.wholePercent(share)) + " " + basis + impossible();
        return Optional.of(new Demand(
                instances,
                observedAt,
                interval,
                measured + missing + young,
                missing,
                isSaturated.getAsBoolean(),
                onlyYoung || missing > 0,
                words));
    }

    private String impossible() {
        int count = possible.impossible();
        return count == 0 ? "" : " (" + Words.count(count, "samples") + " left out that cannot be)";
    }

    static Instant middle(Sample sample) {
        // Dividing a duration goes through decimal fractions, a hundred times slower than this.
        return sample.observedAt().minusNanos(sample.window().toNanos() / 2);
    }
}
