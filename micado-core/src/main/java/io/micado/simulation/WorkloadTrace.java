package io.micado.simulation;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a recorded load and refuses what would silently distort it. Used once, by one thread. */
final class WorkloadTrace {
    private static final String HEADER = "epoch_second,requests_per_second";

    private final String name;
    private final List<Long> seconds = new ArrayList<>();
    private final List<Double> rates = new ArrayList<>();
    private int line;

    private WorkloadTrace(String name) {
        this.name = name;
    }

    static Workload read(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(file.toString(), text);
        }
    }

    static Workload read(String name, Reader text) throws IOException {
        WorkloadTrace trace = new WorkloadTrace(name);
        BufferedReader lines = new BufferedReader(text);
        String next = lines.readLine();
        while (next != null) {
            trace.line++;
            if (!next.isBlank() && !(trace.line == 1 && next.strip().equals(HEADER))) {
                trace.add(next);
            }
            next = lines.readLine();
        }
        return trace.workload();
    }

    private void add(String text) {
        String[] columns = text.split(",", -1);
        if (columns.length != 2) {
            throw problem("must be " + HEADER + ", got \"" + text + "\"");
        }
        long second = second(columns[0].strip());
        double rate = rate(columns[1].strip());
        int count = seconds.size();
        if (count > 0 && second <= seconds.get(count - 1)) {
            throw problem(
                    "the time must be later than " + seconds.get(count - 1) + " of the line before, got " + second);
        }
        if (count > 1) {
            long step = seconds.get(1) - seconds.get(0);
            long expected = seconds.get(count - 1) + step;
            if (second != expected) {
                throw problem("the time must be " + expected + ", as the lines are " + step + " s apart, got " + second
                        + (second > expected ? ": a gap" : ""));
            }
        }
        seconds.add(second);
        rates.add(rate);
    }

    private long second(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw problem("the time must be a whole number of seconds, got \"" + text + "\"");
        }
    }

    private double rate(String text) {
        double rate;
        try {
            rate = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw problem("the rate must be a number, got \"" + text + "\"");
        }
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw problem("the rate must be 0 or more, got " + text);
        }
        return rate;
    }

    private Workload workload() {
        if (seconds.isEmpty()) {
            line = 1;
            throw problem("there must be at least one line of " + HEADER);
        }
        long start = seconds.get(0);
        return SteppedWorkload.of(
                seconds.stream().map(s -> Duration.ofSeconds(s - start)).toList(), rates);
    }

    private ConfigurationException problem(String message) {
        return new ConfigurationException(
                List.of(new Problem("workload", message, Optional.of(new SourcePosition(name, line, 1)))));
    }
}
