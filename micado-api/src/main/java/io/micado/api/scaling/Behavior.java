package io.micado.api.scaling;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How recommendations become decisions: dead band, windows, rates and cooldowns, for each direction. Immutable. The order in
 * which they apply is raw recommendation, tolerance, stabilization window, rate limit, bounds, cooldown.
 *
 * @param out how to scale out
 * @param in how to scale in
 */
public record Behavior(Direction out, Direction in) {
    /**
     * Replicas: out at once by at most 200 % or 4 in 15 s, so that two decisions answer a load that is five times what it was; in after
     * 300 s; tolerance 10 %.
     */
    public static final Behavior REPLICAS = new Behavior(
            new Direction(
                    0.1,
                    Duration.ZERO,
                    List.of(Rate.percent(200, Duration.ofSeconds(15)), Rate.count(4, Duration.ofSeconds(15))),
                    Duration.ZERO),
            new Direction(0.1, Duration.ofSeconds(300), List.of(), Duration.ZERO));

    /** Workers: out at once and as many as needed; in after 300 s, 1 or 10 % in 15 s; tolerance 10 %. */
    public static final Behavior WORKERS = new Behavior(
            new Direction(0.1, Duration.ZERO, List.of(), Duration.ZERO),
            new Direction(
                    0.1,
                    Duration.ofSeconds(300),
                    List.of(Rate.percent(10, Duration.ofSeconds(15)), Rate.count(1, Duration.ofSeconds(15))),
                    Duration.ZERO));

    /** No dead band, window, rate or cooldown: every recommendation becomes a decision at once. */
    public static final Behavior IMMEDIATE = new Behavior(
            new Direction(0, Duration.ZERO, List.of(), Duration.ZERO),
            new Direction(0, Duration.ZERO, List.of(), Duration.ZERO));

    /** Checks that nothing is null. */
    public Behavior {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(in, "in");
    }

    /** {@return a copy with this dead band in both directions} */
    public Behavior withTolerance(double tolerance) {
        return new Behavior(out.withTolerance(tolerance), in.withTolerance(tolerance));
    }

    /** {@return a copy with these stabilization windows} */
    public Behavior withStabilization(Duration outWindow, Duration inWindow) {
        return new Behavior(out.withStabilization(outWindow), in.withStabilization(inWindow));
    }

    /** {@return a copy with these rates out; none is no limit, and of several the one that allows most counts} */
    public Behavior withRateOut(Rate... rates) {
        return new Behavior(out.withRates(List.of(rates)), in);
    }

    /** {@return a copy with these rates in; none is no limit, and of several the one that allows most counts} */
    public Behavior withRateIn(Rate... rates) {
        return new Behavior(out, in.withRates(List.of(rates)));
    }

    /** {@return a copy with these cooldowns} */
    public Behavior withCooldown(Duration outCooldown, Duration inCooldown) {
        return new Behavior(out.withCooldown(outCooldown), in.withCooldown(inCooldown));
    }

    /**
     * One direction. Immutable.
     *
     * @param tolerance the share of the current count by which a recommendation must differ to count at all, 0 to 1
     * @param stabilization over how long the most cautious recommendation is taken
     * @param rates how fast it may go; of several the one that allows most counts; none is no limit
     * @param cooldown how long after a change in this direction the next one waits; a no-op starts none
     */
    public record Direction(double tolerance, Duration stabilization, List<Rate> rates, Duration cooldown) {

        /** Checks the ranges. */
        public Direction {
            if (!(tolerance >= 0 && tolerance <= 1)) {
                throw new IllegalArgumentException("tolerance must be 0 to 1, got " + tolerance);
            }
            if (stabilization.isNegative()) {
                throw new IllegalArgumentException("stabilization must not be negative, got " + stabilization);
            }
            if (cooldown.isNegative()) {
                throw new IllegalArgumentException("cooldown must not be negative, got " + cooldown);
            }
            rates = List.copyOf(rates);
        }

        /** {@return a copy with this dead band} */
        public Direction withTolerance(double value) {
            return new Direction(value, stabilization, rates, cooldown);
        }

        /** {@return a copy with this stabilization window} */
        public Direction withStabilization(Duration value) {
            return new Direction(tolerance, value, rates, cooldown);
        }

        /** {@return a copy with these rates} */
        public Direction withRates(List<Rate> value) {
            return new Direction(tolerance, stabilization, value, cooldown);
        }

        /** {@return a copy with this cooldown} */
        public Direction withCooldown(Duration value) {
            return new Direction(tolerance, stabilization, rates, value);
        }
    }

    /**
     * A limit of how much may change in a period. Immutable.
     *
     * @param unit what the amount counts
     * @param amount how much, above 0
     * @param period in how long, above zero
     */
    public record Rate(Unit unit, double amount, Duration period) {

        /** What a rate counts. */
        public enum Unit {
            /** Percent of the count at the start of the period. */
            PERCENT,
            /** Replicas or workers. */
            COUNT
        }

        /** Checks the ranges. */
        public Rate {
            Objects.requireNonNull(unit, "unit");
            if (!(amount > 0)) {
                throw new IllegalArgumentException("amount must be above 0, got " + amount);
            }
            if (period.isZero() || period.isNegative()) {
                throw new IllegalArgumentException("period must be positive, got " + period);
            }
        }

        /** {@return so many percent in a period} */
        public static Rate percent(double percent, Duration period) {
            return new Rate(Unit.PERCENT, percent, period);
        }

        /** {@return so many replicas or workers in a period} */
        public static Rate count(int count, Duration period) {
            return new Rate(Unit.COUNT, count, period);
        }
    }
}
