package io.micado.examples.bench;

import io.micado.simulation.LoadTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Makes changed copies of recorded loads: with them {@link PolicyBench} shows whether a policy is good at loads or only at the very
 * ones that it was made with. The same seed makes the same copies. Immutable.
 *
 * <p>A burst, or a job, is what stands out from the running median of half an hour.
 */
final class TraceCopies {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration THREE_DAYS = Duration.ofDays(3);
    private static final Duration LATER_START = Duration.ofHours(7).plusMinutes(17);
    private static final Duration LATER_SELF = Duration.ofMinutes(700);
    private static final Duration WIDENING = Duration.ofMinutes(3);
    private static final Duration MOST_MOVE = Duration.ofMinutes(5);
    private static final Duration MOVED_TOGETHER = Duration.ofHours(2);
    private static final Duration HALF_OF_MEDIAN = Duration.ofMinutes(15);
    private static final double STRETCH = 0.93;
    private static final double NOISE = 0.08;

    private final long seed;
    private final List<Change> changes = List.of(
            new Change("shifted", DAY, TraceCopies::shifted),
            new Change("swapped", DAY.multipliedBy(2), TraceCopies::swapped),
            new Change("backwards", DAY, TraceCopies::backwards),
            new Change("bursts-1.5", DAY, trace -> withBursts(trace, 1.5)),
            new Change("bursts-0.5", DAY, trace -> withBursts(trace, 0.5)),
            new Change("bursts-longer", DAY, TraceCopies::withLongerBursts),
            new Change("jobs-moved", DAY, this::withJobsMoved),
            new Change("noisy", DAY, this::noisy),
            new Change("stretched", THREE_DAYS, TraceCopies::stretched),
            new Change("three-days", THREE_DAYS.plus(MINUTE), TraceCopies::threeDays),
            new Change("smoothed", DAY, TraceCopies::smoothed),
            new Change("+ itself", THREE_DAYS, TraceCopies::plusItselfLater));

    /** A change, and how long a load has to be for it to make sense. */
    private record Change(String name, Duration least, UnaryOperator<LoadTrace> how) {}

    TraceCopies(long seed) {
        this.seed = seed;
    }

    /**
     * {@return the copies of each of these loads and then the sums of any two of them, by name} A short load has fewer copies, and
     * two of different steps have no sum.
     */
    Map<String, LoadTrace> of(Map<String, LoadTrace> traces) {
        Map<String, LoadTrace> copies = new LinkedHashMap<>();
        traces.forEach((name, trace) -> changes.stream()
                .filter(change -> isLong(trace, change.least()))
                .forEach(change ->
                        copies.put(name + " " + change.name(), change.how().apply(trace))));
        List<Map.Entry<String, LoadTrace>> added = new ArrayList<>();
        for (Map.Entry<String, LoadTrace> second : traces.entrySet()) {
            if (!isLong(second.getValue(), THREE_DAYS)) {
                continue;
            }
            for (Map.Entry<String, LoadTrace> first : added) {
                if (first.getValue().stepSeconds() == second.getValue().stepSeconds()) {
                    copies.put(first.getKey() + " + " + second.getKey(), sum(first.getValue(), second.getValue()));
                }
            }
            added.add(second);
        }
        return copies;
    }

    /** {@return the load without its first 7 h 17 min} */
    static LoadTrace shifted(LoadTrace trace) {
        return from(trace, LATER_START);
    }

    /** {@return the later half of its days, and then the earlier half} */
    static LoadTrace swapped(LoadTrace trace) {
        int half = steps(trace, DAY.multipliedBy(trace.length().toDays() / 2));
        return made(trace, trace.size(), i -> trace.rate((i + half) % trace.size()));
    }

    /** {@return the load from its end to its beginning} */
    static LoadTrace backwards(LoadTrace trace) {
        return made(trace, trace.size(), i -> trace.rate(trace.size() - 1 - i));
    }

    /** {@return the load with bursts so many times as high} */
    static LoadTrace withBursts(LoadTrace trace, double factor) {
        double[] calm = calm(trace);
        return made(trace, trace.size(), i -> Math.max(0, calm[i] + factor * (trace.rate(i) - calm[i])));
    }

    /** {@return the load whose every height lasts three minutes longer} */
    static LoadTrace withLongerBursts(LoadTrace trace) {
        int longer = steps(trace, WIDENING);
        return made(
                trace,
                trace.size(),
                i -> trace.peak(Math.max(0, i - longer) * trace.stepSeconds(), (i + 1) * trace.stepSeconds()));
    }

    /** {@return the load whose bursts came up to five minutes earlier or later, those of two hours together} */
    LoadTrace withJobsMoved(LoadTrace trace) {
        Random random = new Random(seed);
        double[] calm = calm(trace);
        int most = steps(trace, MOST_MOVE);
        int together = Math.max(1, steps(trace, MOVED_TOGETHER));
        int[] moves = random.ints(trace.size() / together + 1L, -most, most + 1).toArray();
        return made(trace, trace.size(), i -> {
            int from = Math.max(0, Math.min(trace.size() - 1, i + moves[i / together]));
            return Math.max(0, calm[i] + trace.rate(from) - calm[from]);
        });
    }

    /** {@return the load, each of its steps times a factor by chance: lognormal, 1 on average, with a deviation of 8 %} */
    LoadTrace noisy(LoadTrace trace) {
        Random random = new Random(seed);
        return made(
                trace, trace.size(), i -> trace.rate(i) * Math.exp(NOISE * random.nextGaussian() - NOISE * NOISE / 2));
    }

    /** {@return the load at 0.93 of its pace, for as long as it was: its days have 26 hours} */
    static LoadTrace stretched(LoadTrace trace) {
        return made(trace, trace.size(), i -> trace.at(i * STRETCH * trace.stepSeconds()));
    }

    /** {@return its first three days} */
    static LoadTrace threeDays(LoadTrace trace) {
        return made(trace, steps(trace, THREE_DAYS), trace::rate);
    }

    /** {@return each step as the average of the minutes before, in and after it} */
    static LoadTrace smoothed(LoadTrace trace) {
        int around = steps(trace, MINUTE);
        return made(trace, trace.size(), i -> {
            int first = Math.max(0, i - around);
            int end = Math.min(trace.size(), i + around + 1);
            double step = trace.stepSeconds();
            return trace.total(first * step, end * step) / ((end - first) * step);
        });
    }

    /** {@return the sum of the load and itself as it was 700 minutes later} */
    static LoadTrace plusItselfLater(LoadTrace trace) {
        return sum(trace, from(trace, LATER_SELF));
    }

    /** {@return the sum of two loads of the same step, each as a share of its peak, for as long as the shorter one} */
    static LoadTrace sum(LoadTrace one, LoadTrace other) {
        LoadTrace left = shareOfPeak(one);
        LoadTrace right = shareOfPeak(other);
        return made(one, Math.min(one.size(), other.size()), i -> left.rate(i) + right.rate(i));
    }

    private static LoadTrace shareOfPeak(LoadTrace trace) {
        double peak = trace.peak();
        return peak > 0 ? trace.scaledBy(1 / peak) : trace;
    }

    private static LoadTrace from(LoadTrace trace, Duration start) {
        int left = steps(trace, start);
        return made(trace, trace.size() - left, i -> trace.rate(i + left));
    }

    /** What would be there without bursts: the running median. */
    private static double[] calm(LoadTrace trace) {
        int around = steps(trace, HALF_OF_MEDIAN);
        return IntStream.range(0, trace.size())
                .mapToDouble(i -> median(trace, Math.max(0, i - around), Math.min(trace.size(), i + around + 1)))
                .toArray();
    }

    private static double median(LoadTrace trace, int from, int to) {
        double[] sorted = IntStream.range(from, to).mapToDouble(trace::rate).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static boolean isLong(LoadTrace trace, Duration least) {
        return trace.length().compareTo(least) >= 0;
    }

    private static int steps(LoadTrace trace, Duration time) {
        return (int) Math.round(time.toSeconds() / trace.stepSeconds());
    }

    private static LoadTrace made(LoadTrace like, int size, IntToDoubleFunction rate) {
        Duration step = Duration.ofNanos(Math.round(like.stepSeconds() * 1e9));
        return LoadTrace.of(
                like.name(), step, IntStream.range(0, size).mapToDouble(rate).toArray());
    }
}
