package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the use of CPU or memory at a share of what the replicas or workers have, called by {@link TargetTracker} on the
 * policies' threads. Immutable.
 *
 * @param resource what is used
 * @param target the share to keep, above 0 and at most 1
 * @param warmUp for how long the CPU of a new replica does not count, because starting burns CPU that serving does not
 */
record TrackedUtilisation(Resource resource, double target, Duration warmUp) implements TrackedMetric {

    /** What is used. */
    enum Resource {
        CPU(Metric.CPU),
        MEMORY(Metric.MEMORY);

        private final String metric;

        Resource(String metric) {
            this.metric = metric;
        }

        double amountOf(Resources resources) {
            return this == CPU ? resources.cpuCores() : resources.memoryBytes();
        }
    }

    @Override
    public Recommendation recommend(ScalingContext in, TrackerMemory memory) {
        Optional<Measurement> measured = measure(in);
        if (measured.isEmpty()) {
            return Recommendation.unknown(resource.metric + ": the service neither reserves nor limits it, so there is"
                    + " nothing that its use could be a share of");
        }
        Measurement measurement = measured.get();
        if (measurement.onlyYoung()) {
            // Waiting for the warm-up would leave an overloaded newcomer alone; its samples may lead out, but not in.
            return evaluate(
                            in,
                            memory.patience(),
                            measurement.countingYoung(),
                            "; all of them are new, which may only add")
                    .asLowerBound();
        }
        if (measurement.measured().isEmpty()) {
            return Recommendation.unknown(resource.metric + ": no fresh sample of any of the "
                    + Words.count(in.desired(), in.target().unit()) + TrackedMetric.impossible(measurement));
        }
        return evaluate(in, memory.patience(), measurement, "");
    }

    private Optional<Measurement> measure(ScalingContext in) {
        if (in.target().level() == TargetId.Level.POOL) {
            return Optional.of(PoolUse.of(in, resource.metric, resource::amountOf, "of what its workers have"));
        }
        // Memory that is in use after the start stays in use: only CPU has a warm-up.
        return resource == Resource.CPU
                ? Optional.of(ServiceUse.of(in, resource.metric, Basis.cpu(in), warmUp))
                : Basis.memory(in).map(basis -> ServiceUse.of(in, resource.metric, basis, Duration.ZERO));
    }

    private Recommendation.Capacity evaluate(
            ScalingContext in, Patience patience, Measurement measurement, String addition) {
        ProportionalRule.Outcome outcome =
                ProportionalRule.utilisation(measurement, target, in.desired(), in.behavior());
        if (!measurement.saturated()) {
            outcome = outcome.with(patience, measurement.observed(), in.desired());
        }
        double percent = ProportionalRule.wholePercent(Measurement.share(measurement.measured()));
        String reason = resource.metric + " at " + Words.percent(percent) + " " + measurement.basis() + ", target "
                + Words.percent(target * 100) + ": " + TrackedMetric.words(outcome, measurement, in)
                + (measurement.saturated() ? "; saturated, so it may need more than it can show" : "")
                + addition
                + TrackedMetric.impossible(measurement);
        return new Recommendation.Capacity(
                outcome.count(), false, true, reason, inputs(in, measurement, percent, outcome), PolicyState.NONE);
    }

    private Map<String, Double> inputs(
            ScalingContext in, Measurement measurement, double percent, ProportionalRule.Outcome outcome) {
        String unit = in.target().unit();
        Map<String, Double> inputs = new LinkedHashMap<>();
        inputs.put(resource.metric + ".utilisation.percent", percent);
        inputs.put(resource.metric + ".target.percent", target * 100);
        inputs.put(resource.metric + ".ratio", outcome.ratio());
        inputs.put(resource.metric + ".ready." + unit, (double)
                measurement.measured().size());
        inputs.put(resource.metric + ".missing." + unit, (double)
                measurement.missing().size());
        inputs.put(resource.metric + ".ignored." + unit, (double)
                measurement.ignored().size());
        return inputs;
    }
}
