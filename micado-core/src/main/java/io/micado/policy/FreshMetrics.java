package io.micado.policy;

import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.ScalingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The measurements of a context that can be trusted: neither older than three intervals, of the source that they are from, nor from the
 * future. Made by the policies on their threads. Immutable.
 */
final class FreshMetrics {
    private static final int INTERVALS = 3;

    private final ScalingContext context;
    private final Instant oldest;
    private final Instant youngest;

    FreshMetrics(ScalingContext context) {
        this.context = context;
        Duration interval = context.metricInterval();
        oldest = context.now().minus(interval.multipliedBy(INTERVALS));
        // One interval of skew between two clocks is usual; more means that the time cannot be trusted.
        youngest = context.now().plus(interval);
    }

    /** {@return the value; empty when it was not measured or cannot be trusted, which is never the same as zero} */
    OptionalDouble value(MetricKey key) {
        Sample sample = context.metrics().samples().get(key);
        return sample != null && isFresh(sample) ? OptionalDouble.of(sample.value()) : OptionalDouble.empty();
    }

    /** {@return the sample; empty when it was not measured or cannot be trusted} */
    Optional<Sample> sample(MetricKey key) {
        Sample sample = context.metrics().samples().get(key);
        return sample != null && isFresh(sample) ? Optional.of(sample) : Optional.empty();
    }

    private boolean isFresh(Sample sample) {
        Instant at = sample.observedAt();
        return !at.isAfter(youngest) && (!at.isBefore(oldest) || !at.isBefore(oldestOf(sample)));
    }

    private Instant oldestOf(Sample sample) {
        Duration interval = longer(context.metricInterval(), sample.interval());
        return context.now().minus(interval.multipliedBy(INTERVALS));
    }

    /** {@return the longer of two} */
    static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
