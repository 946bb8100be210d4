package io.micado.policy;

import io.micado.api.metric.Sample;
import java.time.Duration;
import java.time.Instant;

/**
 * When the samples of one measurement were taken, and how often that is done. Immutable.
 *
 * @param first the oldest of them
 * @param last the latest of them
 * @param interval how often they are taken, of all of them the longest; zero for as often as everything else
 */
record Observed(Instant first, Instant last, Duration interval) {
    /** Of no sample. */
    static final Observed NEVER = new Observed(Instant.MAX, Instant.MIN, Duration.ZERO);

    /** {@return of what was measured at one moment} */
    static Observed at(Instant instant) {
        return new Observed(instant, instant, Duration.ZERO);
    }

    /** {@return of one sample} */
    static Observed of(Sample sample) {
        return new Observed(sample.observedAt(), sample.observedAt(), sample.interval());
    }

    /** {@return of one more sample} */
    Observed and(Sample sample) {
        Instant at = sample.observedAt();
        return new Observed(
                at.isBefore(first) ? at : first,
                at.isAfter(last) ? at : last,
                FreshMetrics.longer(interval, sample.interval()));
    }
}
