package io.micado.policy;

import io.micado.api.metric.Sample;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.policy.MetricName.Scope;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps a metric of any name at its target, called by {@link TargetTracker} on the policies' threads. Immutable.
 *
 * @param metric its name and where it is measured
 * @param kind what the target says
 * @param target the target, above 0
 */
record TrackedValue(MetricName metric, Kind kind, double target) implements TrackedMetric {

    /** What a target says. Of a metric that each task or node has, both say what its mean is to be. */
    enum Kind {
        /** How much of a total each replica or worker carries. */
        PER_REPLICA,
        /** Where a value is to stay that falls in proportion as there are more. */
        KEEP
    }

    @Override
    public Recommendation recommend(ScalingContext in, TrackerMemory memory) {
        Optional<Sample> whole = metric.whole(in.target(), new FreshMetrics(in));
        if (whole.isPresent()) {
            return ofWhole(in, memory, whole.get());
        }
        if (metric.scope().includes(Scope.EACH)) {
            Measurement measurement = ofEach(in);
            if (!measurement.measured().isEmpty()) {
                return ofMean(in, memory, measurement);
            }
        }
        return Recommendation.unknown(metric.name() + ": no fresh sample");
    }

    private Measurement ofEach(ScalingContext in) {
        return in.target().level() == TargetId.Level.SERVICE
                ? ServiceUse.of(in, metric.name(), Basis.none(), Duration.ZERO)
                : PoolUse.of(in, metric.name(), capacity -> 1, "");
    }

    private Recommendation ofWhole(ScalingContext in, TrackerMemory memory, Sample sample) {
        double value = sample.value();
        if (kind == Kind.KEEP && in.desired() > 0 && in.ready() == 0) {
            // In proportion to nothing there is nothing: zero replicas, just when they are about to start.
            return Recommendation.unknown(metric.name() + ": none of the "
                            + Words.count(in.desired(), in.target().unit()) + " is ready, so the value says nothing")
                    .with(metric.name() + ".value", value);
        }
        Observed observed = Observed.of(sample);
        if (!believed(memory, value, observed)) {
            return setAside(in, memory, value);
        }
        ProportionalRule.Outcome outcome = kind == Kind.PER_REPLICA
                ? ProportionalRule.total(value, target, in.desired(), in.behavior())
                : ProportionalRule.value(value, target, in.ready(), in.desired(), in.behavior());
        outcome = outcome.with(memory.patience(), observed, in.desired());
        String each =
                kind == Kind.PER_REPLICA ? " for each of the " + in.target().unit() : "";
        return answer(in, Measurement.NOTHING, outcome, value, metric.name() + " at " + Words.number(value), each);
    }

    private Recommendation ofMean(ScalingContext in, TrackerMemory memory, Measurement measurement) {
        double mean = Measurement.share(measurement.measured());
        if (!believed(memory, mean, measurement.observed())) {
            return setAside(in, memory, mean);
        }
        ProportionalRule.Outcome outcome = ProportionalRule.mean(measurement, target, in.desired(), in.behavior())
                .with(memory.patience(), measurement.observed(), in.desired());
        String unit = in.target().unit();
        return answer(in, measurement, outcome, mean, metric.name() + " at a mean of " + Words.number(mean), "")
                .with(metric.name() + ".ready." + unit, measurement.measured().size())
                .with(metric.name() + ".missing." + unit, measurement.missing().size())
                .with(metric.name() + ".ignored." + unit, measurement.ignored().size());
    }

    private boolean believed(TrackerMemory memory, double value, Observed observed) {
        return memory.beliefs().accept(belief(), value, target, observed);
    }

    private String belief() {
        return kind + " " + metric.name();
    }

    private Recommendation setAside(ScalingContext in, TrackerMemory memory, double value) {
        String before = Words.number(memory.beliefs().level(belief()));
        return Beliefs.setAside(in, metric.name() + " at " + Words.number(value) + ", after " + before)
                .with(metric.name() + ".value", value);
    }

    private Recommendation.Capacity answer(
            ScalingContext in,
            Measurement measurement,
            ProportionalRule.Outcome outcome,
            double value,
            String found,
            String each) {
        String reason = found + ", target " + Words.number(target) + each + ": "
                + TrackedMetric.words(outcome, measurement, in);
        return Recommendation.of(outcome.count(), reason)
                .withDeadBandApplied()
                .with(metric.name() + ".value", value)
                .with(metric.name() + ".target", target)
                .with(metric.name() + ".ratio", outcome.ratio());
    }
}
