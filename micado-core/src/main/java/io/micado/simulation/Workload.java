package io.micado.simulation;

import io.micado.api.error.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How much is asked for over time: requests per second, or cores of work. A pure function of the time since it was
 * attached to a service, so that the same load can be given twice; the built-in ones are immutable.
 *
 * <pre>{@code
 * Workload day = Workload.sine(100, 80, Duration.ofDays(1))
 *         .plus(Workload.step(0, Duration.ofHours(30), 200))
 *         .withPoissonNoise(1);
 * }</pre>
 */
@FunctionalInterface
public interface Workload {
    /** Nothing, ever. */
    Workload NONE = constant(0);

    /** {@return how much is asked for at this time, 0 or more} */
    double at(Duration sinceStart);

    /** {@return how much is asked for on average from one time to a later one; by default from three points} */
    default double average(Duration from, Duration to) {
        Duration middle = Duration.ofNanos((from.toNanos() + to.toNanos()) / 2);
        return (at(from) + 4 * at(middle) + at(to)) / 6;
    }

    /** {@return always the same} */
    static Workload constant(double rate) {
        return SteppedWorkload.of(List.of(Duration.ZERO), List.of(rate));
    }

    /** {@return one rate before this time, and another from then on} */
    static Workload step(double before, Duration at, double after) {
        return at.isZero() ? constant(after) : SteppedWorkload.of(List.of(Duration.ZERO, at), List.of(before, after));
    }

    /** {@return one rate before the start, another after the end, and evenly changing between the two} */
    static Workload ramp(double before, Duration start, Duration end, double after) {
        Workloads.requireRate(before);
        Workloads.requireRate(after);
        if (end.compareTo(start) <= 0) {
            throw new IllegalArgumentException("end must be after the start of " + start + ", got " + end);
        }
        double from = Workloads.seconds(start);
        double span = Workloads.seconds(end) - from;
        return t -> {
            double share = Math.max(0, Math.min(1, (Workloads.seconds(t) - from) / span));
            return before + (after - before) * share;
        };
    }

    /**
     * {@return a sine around the mean, which it has at the start on its way up; never below zero}
     *
     * @param amplitude how far it goes to either side
     */
    static Workload sine(double mean, double amplitude, Duration period) {
        Workloads.requireRate(mean);
        Workloads.requireRate(amplitude);
        double seconds = Workloads.requirePositive(period);
        return t -> Math.max(0, mean + amplitude * Math.sin(2 * Math.PI * Workloads.seconds(t) / seconds));
    }

    /**
     * {@return high, then low, and again}
     *
     * @param highShare the share of each period for which it is high, more than 0 and less than 1
     */
    static Workload square(double low, double high, Duration period, double highShare) {
        if (!(highShare > 0 && highShare < 1)) {
            throw new IllegalArgumentException("highShare must be more than 0 and less than 1, got " + highShare);
        }
        Workloads.requirePositive(period);
        Duration highUntil = Duration.ofNanos((long) (period.toNanos() * highShare));
        return step(high, highUntil, low).repeating(period);
    }

    /**
     * {@return a recorded load} Each line is {@code epoch_second,requests_per_second}, which may be told by a header;
     * the times grow evenly. A rate holds until the next line, and the last one for ever; the first line is the start. A name
     * that ends in {@code .gz} is read as gzip.
     *
     * @throws ConfigurationException with the line when the file has gaps, goes back, or holds anything but numbers of
     *     0 or more
     * @throws IOException when it cannot be read
     */
    static Workload csv(Path file) throws IOException {
        return LoadTrace.read(file);
    }

    /** {@return a recorded load, as {@link #csv(Path)} reads it; the name is for messages} */
    static Workload csv(String name, Reader text) throws IOException {
        return LoadTrace.read(name, text);
    }

    /** {@return both together} */
    default Workload plus(Workload other) {
        Objects.requireNonNull(other, "other");
        return Workloads.of(t -> at(t) + other.at(t), (from, to) -> average(from, to) + other.average(from, to));
    }

    /** {@return so many times as much} */
    default Workload scaledBy(double factor) {
        Workloads.requireRate(factor);
        return Workloads.of(t -> factor * at(t), (from, to) -> factor * average(from, to));
    }

    /** {@return the same so much later; until then as at its start} */
    default Workload shiftedBy(Duration later) {
        if (later.isNegative()) {
            throw new IllegalArgumentException("later must be 0 or more, got " + later);
        }
        return Workloads.shifted(this, later);
    }

    /** {@return the first so much time of it, over and over} */
    default Workload repeating(Duration period) {
        Workloads.requirePositive(period);
        return Workloads.repeating(this, period);
    }

    /**
     * {@return the same, arriving by chance: in every second a Poisson-distributed
     * number of requests that this seed decides}
     */
    default Workload withPoissonNoise(long seed) {
        return new PoissonWorkload(this, seed);
    }
}
