package io.micado.simulation;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads a {@link LoadTrace} and refuses, or repairs and tells, what would silently distort it. Used once, by one thread. */
final class TraceReader {
    private static final String HEADER = "epoch_second,requests_per_second";
    private static final String PART = "workload";
    /** Ten years of minutes. */
    private static final int MOST_STEPS = 5_256_000;

    private final String name;
    private final boolean repairing;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> repairs = new ArrayList<>();
    private int line;

    /** A line that was understood. */
    private record Row(long second, double rate, int line) {}

    private TraceReader(String name, boolean repairing) {
        this.name = name;
        this.repairing = repairing;
    }

    static LoadTrace strict(String name, Reader text) throws IOException {
        return new TraceReader(name, false).read(text).inOrder();
    }

    static LoadTrace repaired(String name, Reader text) throws IOException {
        return new TraceReader(name, true).read(text).putInOrder();
    }

    private TraceReader read(Reader text) throws IOException {
        BufferedReader lines = new BufferedReader(text);
        String next = lines.readLine();
        while (next != null) {
            line++;
            if (!next.isBlank() && !(line == 1 && next.strip().equals(HEADER))) {
                parse(next);
            }
            next = lines.readLine();
        }
        if (rows.isEmpty()) {
            throw problem(1, "there must be at least one line of " + HEADER);
        }
        return this;
    }

    private void parse(String text) {
        String[] columns = text.split(",", -1);
        if (columns.length != 2) {
            fault("must be " + HEADER + ", got \"" + text + "\"");
            return;
        }
        OptionalLong second = second(columns[0].strip());
        OptionalDouble rate = rate(columns[1].strip());
        if (second.isPresent() && rate.isPresent()) {
            rows.add(new Row(second.getAsLong(), rate.getAsDouble(), line));
        }
    }

    private OptionalLong second(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            fault("the time must be a whole number of seconds, got \"" + text + "\"");
            return OptionalLong.empty();
        }
    }

    private OptionalDouble rate(String text) {
        try {
            double rate = Double.parseDouble(text);
            if (rate >= 0 && Double.isFinite(rate)) {
                return OptionalDouble.of(rate);
            }
            fault("the rate must be 0 or more, got " + text);
        } catch (NumberFormatException e) {
            fault("the rate must be a number, got \"" + text + "\"");
        }
        return OptionalDouble.empty();
    }

    /** A line that is wrong ends the reading, or is left out. */
    private void fault(String message) {
        if (!repairing) {
            throw problem(line, message);
        }
        repairs.add("line " + line + " left out: " + message);
    }

    private LoadTrace inOrder() {
        long step = rows.size() > 1 ? rows.get(1).second() - rows.get(0).second() : 1;
        for (int i = 1; i < rows.size(); i++) {
            Row row = rows.get(i);
            long before = rows.get(i - 1).second();
            long expected = before + step;
            if (row.second() <= before) {
                throw problem(
                        row.line(),
                        "the time must be later than " + before + " of the line before, got " + row.second());
            }
            if (row.second() != expected) {
                throw problem(
                        row.line(),
                        "the time must be " + expected + ", as the lines are " + step + " s apart, got " + row.second()
                                + (row.second() > expected ? ": a gap" : ""));
            }
        }
        return new LoadTrace(name, step, rows.stream().mapToDouble(Row::rate).toArray(), repairs);
    }

    private LoadTrace putInOrder() {
        TreeMap<Long, Row> ordered = new TreeMap<>();
        long latest = Long.MIN_VALUE;
        for (Row row : rows) {
            if (row.second() < latest) {
                repairs.add("line " + row.line() + " put in its place: its time is before that of an earlier line");
            }
            Row same = ordered.put(row.second(), row);
            if (same != null) {
                repairs.add("line " + same.line() + " left out: line " + row.line() + " has the same time");
            }
            latest = Math.max(latest, row.second());
        }
        List<Row> sorted = List.copyOf(ordered.values());
        long step = usualStep(sorted);
        long first = sorted.get(0).second();
        if ((latest - first) / step >= MOST_STEPS) {
            throw problem(
                    sorted.get(sorted.size() - 1).line(),
                    "more than " + MOST_STEPS + " steps of " + step + " s from the first line: too large a gap");
        }
        int count = (int) ((latest - first) / step) + 1;
        double[] rates = new double[count];
        int next = 0;
        for (int i = 0; i < count; i++) {
            long second = first + i * step;
            while (next + 1 < sorted.size() && sorted.get(next + 1).second() <= second) {
                next++;
            }
            Row at = sorted.get(next);
            rates[i] = at.rate();
            if (at.second() != second) {
                Row after = sorted.get(next + 1);
                double share = (second - at.second()) / (double) (after.second() - at.second());
                rates[i] += share * (after.rate() - at.rate());
                repairs.add(
                        "second " + second + " filled in: a gap between lines " + at.line() + " and " + after.line());
            }
        }
        return new LoadTrace(name, step, rates, repairs);
    }

    private static long usualStep(List<Row> sorted) {
        Map<Long, Integer> counts = new HashMap<>();
        long usual = 1;
        int most = 0;
        for (int i = 1; i < sorted.size(); i++) {
            long step = sorted.get(i).second() - sorted.get(i - 1).second();
            int count = counts.merge(step, 1, Integer::sum);
            if (count > most || (count == most && step < usual)) {
                most = count;
                usual = step;
            }
        }
        return usual;
    }

    private ConfigurationException problem(int where, String message) {
        return new ConfigurationException(
                List.of(new Problem(PART, message, Optional.of(new SourcePosition(name, where, 1)))));
    }
}
