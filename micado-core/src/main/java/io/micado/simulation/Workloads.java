package io.micado.simulation;

import java.time.Duration;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** Building blocks of {@link Workload}. Not instantiable. */
final class Workloads {

    private Workloads() {}

    static Workload of(ToDoubleFunction<Duration> at, ToDoubleBiFunction<Duration, Duration> average) {
        return new Workload() {
            @Override
            public double at(Duration sinceStart) {
                return at.applyAsDouble(sinceStart);
            }

            @Override
            public double average(Duration from, Duration to) {
                return to.compareTo(from) > 0 ? average.applyAsDouble(from, to) : at(from);
            }
        };
    }

    static Workload shifted(Workload original, Duration later) {
        return of(t -> original.at(before(t, later)), (from, to) -> {
            double waiting = seconds(later) - seconds(from);
            double all = seconds(to) - seconds(from);
            if (waiting <= 0) {
                return original.average(from.minus(later), to.minus(later));
            }
            if (waiting >= all) {
                return original.at(Duration.ZERO);
            }
            double after = original.average(Duration.ZERO, to.minus(later));
            return (waiting * original.at(Duration.ZERO) + (all - waiting) * after) / all;
        });
    }

    static Workload repeating(Workload original, Duration period) {
        long nanos = period.toNanos();
        return of(t -> original.at(Duration.ofNanos(t.toNanos() % nanos)), (from, to) -> {
            long start = from.toNanos();
            long end = to.toNanos();
            double sum = 0;
            long whole = Math.max(0, end / nanos - start / nanos - 1);
            if (whole > 0) {
                sum += whole * (double) nanos * original.average(Duration.ZERO, period);
            }
            // What is left lies in one period, or in two that meet.
            long from1 = start % nanos;
            boolean same = start / nanos == end / nanos;
            sum += part(original, from1, same ? end % nanos : nanos);
            sum += same ? 0 : part(original, 0, end % nanos);
            return sum / (end - start);
        });
    }

    private static double part(Workload original, long from, long to) {
        return to <= from ? 0 : (to - from) * original.average(Duration.ofNanos(from), Duration.ofNanos(to));
    }

    private static Duration before(Duration t, Duration by) {
        Duration earlier = t.minus(by);
        return earlier.isNegative() ? Duration.ZERO : earlier;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    static double requirePositive(Duration period) {
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("a period must be positive, got " + period);
        }
        return seconds(period);
    }

    static void requireRate(double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("a rate must be 0 or more, got " + rate);
        }
    }
}
