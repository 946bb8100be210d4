package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.util.Optional;

/**
 * The value that {@link StepScaler} compares with its bounds: the CPU utilisation, or a metric of any name. Immutable.
 *
 * @param metric the metric
 */
record StepValue(MetricName metric) {

    /**
     * The value at one time.
     *
     * @param known of what was measured
     * @param cautious with all that was not measured taken as fully used
     * @param words what it is a share of; empty for a plain value
     * @param observed the samples that it was made of, where one may be anything; empty for CPU, which is bounded by what there is
     */
    record Reading(double known, double cautious, String words, Optional<Observed> observed) {
        boolean isPartial() {
            return known != cautious;
        }
    }

    String name() {
        return metric.name();
    }

    /** {@return the value; empty when nothing was measured, or a mean when not everything was} */
    Optional<Reading> read(ScalingContext in) {
        if (metric.equals(MetricName.parse(Metric.CPU))) {
            return ThresholdLoad.measure(in, ThresholdRule.LoadBasis.RESERVATION)
                    .map(load -> new Reading(
                            load.known() / 100, load.cautious() / 100, " " + load.basis(), Optional.empty()));
        }
        Optional<Sample> whole = metric.whole(in.target(), new FreshMetrics(in));
        if (whole.isPresent()) {
            double value = whole.get().value();
            Observed observed = Observed.of(whole.get());
            return Optional.of(new Reading(value, value, "", Optional.of(observed)));
        }
        return metric.scope().includes(MetricName.Scope.EACH) ? mean(in) : Optional.empty();
    }

    private Optional<Reading> mean(ScalingContext in) {
        Measurement each = in.target().level() == TargetId.Level.SERVICE
                ? ServiceUse.of(in, metric.name(), Basis.none(), Duration.ZERO)
                : PoolUse.of(in, metric.name(), capacity -> 1, "");
        if (each.measured().isEmpty()) {
            return Optional.empty();
        }
        double mean = Measurement.share(each.measured());
        // How much a missing one could add nobody knows, so nothing is small enough to take one away.
        double cautious = each.missing().isEmpty() ? mean : Double.POSITIVE_INFINITY;
        return Optional.of(new Reading(mean, cautious, " on average", Optional.of(each.observed())));
    }
}
