package io.micado.simulation;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Reads a {@link LoadTrace} and refuses, or repairs and tells, what would silently distort it. Used once, by one thread. */
final class TraceReader {
    private static final String HEADER = "epoch_second,requests_per_second";
    private static final String PART = "workload";
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    /** In the year 5138; what seems to be later than that is in milliseconds, which would be taken for a very slow load. */
    private static final long LATEST = 99_999_999_999L;
    /** A load whose rates hold for longer than a day tells nothing of how to scale. */
    private static final long LONGEST_STEP = 86_400;

    private final String name;
    private final boolean repairing;
    private final List<TraceRow> rows = new ArrayList<>();
    private final RepairLog repairs = new RepairLog();
    private Optional<ConfigurationException> firstFault = Optional.empty();
    private int line;

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
        boolean first = true;
        String next = lines.readLine();
        while (next != null) {
            line++;
            String plain = line == 1 && next.startsWith(BYTE_ORDER_MARK) ? next.substring(1) : next;
            if (!plain.isBlank()) {
                if (!(first && isHeader(plain))) {
                    parse(plain);
                }
                first = false;
            }
            next = lines.readLine();
        }
        return this;
    }

    private static boolean isHeader(String text) {
        return text.replaceAll("[\\s\"]", "").toLowerCase(Locale.ROOT).equals(HEADER);
    }

    private void parse(String text) {
        String[] columns = text.split(",", -1);
        if (columns.length != 2) {
            fault("must be " + HEADER + ", got \"" + text + "\"");
            return;
        }
        OptionalLong second = second(plain(columns[0]));
        OptionalDouble rate = rate(plain(columns[1]));
        if (second.isPresent() && rate.isPresent()) {
            rows.add(new TraceRow(second.getAsLong(), rate.getAsDouble(), line));
        }
    }

    /** {@return a column without the quotes that some programs put around every one} */
    private static String plain(String column) {
        String text = column.strip();
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1).strip()
                : text;
    }

    private OptionalLong second(String text) {
        try {
            // Programs that know floating-point numbers only write 1524700800.0.
            long second = new BigDecimal(text).longValueExact();
            if (second >= 0 && second <= LATEST) {
                return OptionalLong.of(second);
            }
            fault("the time must be from 0 to " + LATEST + " s, got " + text
                    + (second > LATEST ? ": are these milliseconds?" : ""));
        } catch (ArithmeticException | NumberFormatException e) {
            fault("the time must be a whole number of seconds, got \"" + text + "\"");
        }
        return OptionalLong.empty();
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
        ConfigurationException problem = problem(line, message);
        if (!repairing) {
            throw problem;
        }
        firstFault = firstFault.or(() -> Optional.of(problem));
        repairs.add("line " + line + " left out: " + message);
    }

    private LoadTrace inOrder() {
        requireTwo(rows);
        long step = rows.get(1).second() - rows.get(0).second();
        for (int i = 1; i < rows.size(); i++) {
            TraceRow row = rows.get(i);
            long before = rows.get(i - 1).second();
            long expected = before + step;
            if (row.second() <= before) {
                throw problem(
                        row.line(),
                        "the time must be later than " + before + " of the line before, got " + row.second());
            }
            requireShort(step, row);
            if (row.second() != expected) {
                throw problem(
                        row.line(),
                        "the time must be " + expected + ", as the lines are " + step + " s apart, got " + row.second()
                                + (row.second() > expected ? ": a gap" : ""));
            }
        }
        double[] rates = rows.stream().mapToDouble(TraceRow::rate).toArray();
        return new LoadTrace(name, rows.get(0).second(), step, rates, repairs.lines());
    }

    private LoadTrace putInOrder() {
        List<TraceRow> sorted = TraceRepair.sorted(rows, repairs);
        requireTwo(sorted);
        TraceRepair repair = new TraceRepair(sorted, repairs);
        TraceRow last = sorted.get(sorted.size() - 1);
        long step = repair.step();
        requireShort(step, last);
        if (repair.isTooLong()) {
            throw problem(
                    last.line(),
                    "more than " + TraceRepair.MOST_STEPS + " steps of " + step
                            + " s from the first line: too large a gap");
        }
        double[] rates = repair.rates();
        return new LoadTrace(name, repair.start(), step, rates, repairs.lines());
    }

    private void requireTwo(List<TraceRow> usable) {
        if (usable.size() < 2) {
            throw firstFault.orElseGet(() -> problem(
                    Math.max(1, line),
                    "there must be at least two lines of " + HEADER + ", to tell how far apart they are"));
        }
    }

    private void requireShort(long step, TraceRow at) {
        if (step > LONGEST_STEP) {
            throw problem(at.line(), "the lines must be at most " + LONGEST_STEP + " s apart, got " + step);
        }
    }

    private ConfigurationException problem(int where, String message) {
        return new ConfigurationException(
                List.of(new Problem(PART, message, Optional.of(new SourcePosition(name, where, 1)))));
    }
}
