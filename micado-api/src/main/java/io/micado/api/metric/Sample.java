package io.micado.api.metric;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One measured value. Immutable.
 *
 * @param value the value, finite, in the unit that its {@link Metric} names
 * @param observedAt when it was measured, corrected to our wall clock
 * @param window over how long it is an average; zero for a value of one moment
 * @param interval how often it is measured, by which its age is judged; zero for as often as everything else. Of a sample with zero the
 *     engine takes the interval of the source that measured it
 */
public record Sample(double value, Instant observedAt, Duration window, Duration interval) {

    /** Checks that the value is a number. */
    public Sample {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value must be finite, got " + value);
        }
        Objects.requireNonNull(observedAt, "observedAt");
        Objects.requireNonNull(window, "window");
        Objects.requireNonNull(interval, "interval");
    }

    /** Makes a sample that is measured as often as its source is read. */
    public Sample(double value, Instant observedAt, Duration window) {
        this(value, observedAt, window, Duration.ZERO);
    }

    /** {@return a value of one moment} */
    public static Sample of(double value, Instant observedAt) {
        return new Sample(value, observedAt, Duration.ZERO);
    }

    /** {@return a copy that is measured this often, unless it says by itself how often} */
    public Sample every(Duration ofItsSource) {
        return interval.isZero() ? new Sample(value, observedAt, window, ofItsSource) : this;
    }

    /** {@return how old it is, never negative} */
    public Duration age(Instant now) {
        Duration age = Duration.between(observedAt, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
