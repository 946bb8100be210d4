package io.micado.simulation;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Puts the lines of a trace on even steps: the step is the most frequent distance of two lines, and the steps lie where most of the
 * lines do, so that neither a gap nor a stray line moves all others. Used once, by {@link TraceReader}, on its thread.
 */
final class TraceRepair {
    /** Ten years of minutes. */
    static final int MOST_STEPS = 5_256_000;

    private final List<TraceRow> rows;
    private final RepairLog repairs;
    private final long step;
    private final long start;

    /** The lines are in order, at least two, no two of the same time. */
    TraceRepair(List<TraceRow> rows, RepairLog repairs) {
        this.rows = rows;
        this.repairs = repairs;
        step = usualStep(rows);
        start = start(rows, step);
    }

    /** {@return lines in order of time, of two of the same time the later one} */
    static List<TraceRow> sorted(List<TraceRow> lines, RepairLog repairs) {
        NavigableMap<Long, TraceRow> ordered = new TreeMap<>();
        for (TraceRow row : lines) {
            if (!ordered.isEmpty() && row.second() < ordered.lastKey()) {
                repairs.add("line " + row.line() + " put in its place: its time is before that of an earlier line");
            }
            TraceRow same = ordered.put(row.second(), row);
            if (same != null) {
                repairs.add("line " + same.line() + " left out: line " + row.line() + " has the same time");
            }
        }
        return List.copyOf(ordered.values());
    }

    /** {@return how long a step is, in seconds} */
    long step() {
        return step;
    }

    /** {@return the time of the first step} */
    long start() {
        return start;
    }

    /** {@return whether there would be more steps than anybody has recorded, because of a time that is wrong} */
    boolean isTooLong() {
        return (last() - start) / step >= MOST_STEPS;
    }

    /** {@return a rate for each step, on a straight line between its neighbours where there is none} Tells which. */
    double[] rates() {
        double[] rates = new double[Math.toIntExact((last() - start) / step) + 1];
        boolean neighbour = false;
        for (int i = 0; i < rows.size(); i++) {
            TraceRow row = rows.get(i);
            boolean onStep = Math.floorMod(row.second() - start, step) == 0;
            if (onStep) {
                rates[Math.toIntExact((row.second() - start) / step)] = row.rate();
            }
            boolean gap = i + 1 < rows.size() && fill(rates, row, rows.get(i + 1));
            if (!onStep && !neighbour && !gap) {
                repairs.add("line " + row.line() + " left out: its time is between the steps of " + step + " s");
            }
            neighbour = gap;
        }
        return rates;
    }

    /** {@return whether there are steps between two lines} */
    private boolean fill(double[] rates, TraceRow before, TraceRow after) {
        int first = Math.max(0, Math.toIntExact(Math.floorDiv(before.second() - start, step)) + 1);
        int end = -Math.toIntExact(Math.floorDiv(start - after.second(), step));
        for (int i = first; i < end; i++) {
            double share = (start + i * step - before.second()) / (double) (after.second() - before.second());
            rates[i] = before.rate() + share * (after.rate() - before.rate());
        }
        if (first >= end) {
            return false;
        }
        long from = start + first * step;
        String which = first + 1 == end
                ? "second " + from + " filled in"
                : "seconds " + from + " to " + (start + (end - 1) * step) + " filled in, " + (end - first) + " steps";
        repairs.add(which + ": a gap between lines " + before.line() + " and " + after.line());
        return true;
    }

    private long last() {
        return rows.get(rows.size() - 1).second();
    }

    /** The most frequent distance; of several, the one that is nearest to the median, as small ones would invent many steps. */
    private static long usualStep(List<TraceRow> rows) {
        long[] steps = IntStream.range(1, rows.size())
                .mapToLong(i -> rows.get(i).second() - rows.get(i - 1).second())
                .sorted()
                .toArray();
        long median = steps[(steps.length - 1) / 2];
        return mostFrequent(Arrays.stream(steps), Comparator.comparingLong(step -> Math.abs(step - median)));
    }

    /** The first time that lies on the same steps as most lines. */
    private static long start(List<TraceRow> rows, long step) {
        long first = rows.get(0).second();
        long offset = mostFrequent(
                rows.stream().mapToLong(row -> Math.floorMod(row.second() - first, step)), Comparator.naturalOrder());
        return first + offset;
    }

    /** {@return the value that comes most often; of several, the first in an order} */
    private static long mostFrequent(LongStream values, Comparator<Long> order) {
        Map<Long, Long> counts = values.boxed().collect(Collectors.groupingBy(value -> value, Collectors.counting()));
        long most = Collections.max(counts.values());
        return counts.keySet().stream()
                .filter(value -> Long.valueOf(most).equals(counts.get(value)))
                .min(order.thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }
}
