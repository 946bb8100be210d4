package io.micado.simulation;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A load that holds one rate until the next takes over; its averages are exact. Immutable. */
final class SteppedWorkload implements Workload {
    private final long[] since;
    private final double[] rates;
    /** How much was asked for in all up to each step, in rate times nanoseconds. */
    private final double[] sums;

    private SteppedWorkload(long[] since, double[] rates) {
        this.since = since;
        this.rates = rates;
        this.sums = new double[since.length];
        for (int i = 1; i < since.length; i++) {
            sums[i] = sums[i - 1] + rates[i - 1] * (since[i] - since[i - 1]);
        }
    }

    /** The first time is zero, and each is later than the one before. */
    static SteppedWorkload of(List<Duration> since, List<Double> rates) {
        rates.forEach(Workloads::requireRate);
        long[] times = since.stream().mapToLong(Duration::toNanos).toArray();
        for (int i = 0; i < times.length; i++) {
            if (i == 0 ? times[i] != 0 : times[i] <= times[i - 1]) {
                throw new IllegalArgumentException("times must begin with zero and grow, got " + since);
            }
        }
        return new SteppedWorkload(
                times, rates.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public double at(Duration sinceStart) {
        return rates[step(sinceStart.toNanos())];
    }

    @Override
    public double average(Duration from, Duration to) {
        long start = from.toNanos();
        long end = to.toNanos();
        return end > start ? (sumUpTo(end) - sumUpTo(start)) / (end - start) : at(from);
    }

    /** {@return until when it holds the rate that it has at this time, in nanoseconds since the start} */
    long holdsUntil(long time) {
        int next = step(time) + 1;
        return next < since.length ? since[next] : Long.MAX_VALUE;
    }

    private double sumUpTo(long time) {
        int step = step(time);
        return sums[step] + rates[step] * (time - since[step]);
    }

    private int step(long time) {
        int found = Arrays.binarySearch(since, time);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }
}
