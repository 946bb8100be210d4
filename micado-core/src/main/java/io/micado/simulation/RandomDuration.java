package io.micado.simulation;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;

/**
 * A distribution of durations, such as boot times. Implementations are immutable or at least deterministic for the
 * source of randomness that they are given; the built-in ones are immutable.
 */
@FunctionalInterface
public interface RandomDuration {
    /** Always nothing. */
    RandomDuration NONE = constant(Duration.ZERO);

    /** {@return the next duration, 0 or more} */
    Duration next(Random random);

    /** {@return always the same} */
    static RandomDuration constant(Duration value) {
        notNegative(value, "value");
        return random -> value;
    }

    /** {@return anything from the minimum to the maximum, all equally likely} */
    static RandomDuration uniform(Duration minimum, Duration maximum) {
        notNegative(minimum, "minimum");
        if (maximum.compareTo(minimum) < 0) {
            throw new IllegalArgumentException(
                    "maximum must be at least the minimum of " + minimum + ", got " + maximum);
        }
        long span = maximum.minus(minimum).toNanos();
        return random -> minimum.plusNanos((long) (random.nextDouble() * span));
    }

    /**
     * {@return a log-normal distribution, which fits boot times well: most are near the median, a few take much longer}
     *
     * @param median half of all are shorter
     * @param sigma the standard deviation of the logarithm, 0 or more; 0.3 lets one in a hundred take twice the median
     */
    static RandomDuration lognormal(Duration median, double sigma) {
        notNegative(median, "median");
        if (!(sigma >= 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException("sigma must be 0 or more, got " + sigma);
        }
        long nanos = median.toNanos();
        return random -> Duration.ofNanos(
                (long) Math.min(Long.MAX_VALUE / 8.0, nanos * Math.exp(sigma * random.nextGaussian())));
    }

    private static void notNegative(Duration value, String name) {
        if (Objects.requireNonNull(value, name).isNegative()) {
            throw new IllegalArgumentException(name + " must be 0 or more, got " + value);
        }
    }
}
