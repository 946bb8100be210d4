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
 */
public record Sample(double value, Instant observedAt, Duration window) {

    /** Checks that the value is a number. */
    public Sample {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value must be finite, got " + value);
        }
        Objects.requireNonNull(observedAt, "observedAt");
        Objects.requireNonNull(window, "window");
    }

    /** {@return a value of one moment} */
    public static Sample of(double value, Instant observedAt) {
        return new Sample(value, observedAt, Duration.ZERO);
    }

    /** {@return how old it is, never negative} */
    public Duration age(Instant now) {
        Duration age = Duration.between(observedAt, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
