package io.micado.simulation;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A recorded load of finite length: one rate for each step of time, all steps equally long. Read by host programs and their
 * tests; its averages are exact. Immutable and thread-safe.
 *
 * <p>As a {@link Workload} it goes on with its last rate when it is over.
 */
public final class LoadTrace implements Workload {
    /** Where times begin that only count from some beginning: an arbitrary midnight, of a Monday. */
    private static final Instant NO_DATE = Instant.parse("2026-01-05T00:00:00Z");

    /** A time of less than a year is no date: whatever was recorded, it was not in 1970. */
    private static final long FIRST_DATE = 31_536_000;

    private final String name;
    private final Instant start;
    private final double step;
    private final double[] rates;
    /** How much was asked for in all up to each step. */
    private final double[] sums;

    private final List<String> repairs;

    /** {@code second} is the time of the first step, as it was recorded. */
    LoadTrace(String name, long second, double stepSeconds, double[] rates, List<String> repairs) {
        this(
                name,
                second < FIRST_DATE ? NO_DATE.plusSeconds(second) : Instant.ofEpochSecond(second),
                stepSeconds,
                rates,
                repairs);
    }

    private LoadTrace(String name, Instant start, double stepSeconds, double[] rates, List<String> repairs) {
        this.name = Objects.requireNonNull(name, "name");
        this.start = start;
        this.step = stepSeconds;
        this.rates = rates;
        this.repairs = List.copyOf(repairs);
        sums = new double[rates.length + 1];
        for (int i = 0; i < rates.length; i++) {
            sums[i + 1] = sums[i] + rates[i] * step;
        }
    }

    /**
     * {@return the load of a file} Each line is {@code epoch_second,requests_per_second}, which may be told by a header; the
     * times grow evenly, by at most a day. A rate holds until the next line. A name that ends in {@code .gz} is read as gzip.
     *
     * @throws io.micado.api.error.ConfigurationException with the line when it has gaps, goes back, holds anything but
     *     numbers of 0 or more, has times in milliseconds, or has less than two lines
     * @throws IOException with the file when it cannot be read
     */
    public static LoadTrace read(Path file) throws IOException {
        return read(file, false);
    }

    /**
     * {@return the load of a file, as {@link #read(Path)} reads it, but with everything that is wrong repaired}
     *
     * <p>Lines are put in order; of two of the same time the later one counts; lines without a usable time or rate are left
     * out. The step is the most frequent distance of two lines, and the steps lie where most of the lines do; those without a line
     * of their own are filled in by a straight line between their neighbours. {@link #repairs()} tells what was done.
     *
     * @throws io.micado.api.error.ConfigurationException when nothing usable is left
     * @throws IOException with the file when it cannot be read
     */
    public static LoadTrace readRepaired(Path file) throws IOException {
        return read(file, true);
    }

    /** {@return the load of a text, as {@link #read(Path)} reads it; the name is for messages} */
    public static LoadTrace read(String name, Reader text) throws IOException {
        return TraceReader.strict(name, text);
    }

    /** {@return the load of a text, as {@link #readRepaired(Path)} reads it; the name is for messages} */
    public static LoadTrace readRepaired(String name, Reader text) throws IOException {
        return TraceReader.repaired(name, text);
    }

    /** {@return a load of these rates, each of which holds for a step} */
    public static LoadTrace of(String name, Duration step, double... rates) {
        double seconds = Workloads.requirePositive(step);
        if (rates.length == 0) {
            throw new IllegalArgumentException("there must be at least one rate");
        }
        for (double rate : rates) {
            Workloads.requireRate(rate);
        }
        return new LoadTrace(name, NO_DATE, seconds, rates.clone(), List.of());
    }

    /** {@return the averages of a load over the steps of its first so much time} */
    public static LoadTrace of(String name, Workload load, Duration step, Duration length) {
        double seconds = Workloads.requirePositive(step);
        int count = (int) Math.ceil(Workloads.requirePositive(length) / seconds - 1e-9);
        double[] rates = new double[count];
        for (int i = 0; i < count; i++) {
            rates[i] = load.average(step.multipliedBy(i), step.multipliedBy(i + 1L));
        }
        return of(name, step, rates);
    }

    private static LoadTrace read(Path file, boolean repaired) throws IOException {
        String name = file.toString();
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
                InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                Reader text = new InputStreamReader(plain, StandardCharsets.UTF_8)) {
            return repaired ? readRepaired(name, text) : read(name, text);
        } catch (ZipException | EOFException e) {
            throw new IOException(name + " is no gzip file, or a broken one: " + e.getMessage(), e);
        }
    }

    /** {@return the file or whatever it was called} */
    public String name() {
        return name;
    }

    /**
     * {@return when its first step began} As recorded; times of less than a year, and the rates of a program, have no date and
     * count from the midnight at which 5 January 2026 begins in UTC, a Monday.
     */
    public Instant start() {
        return start;
    }

    /** {@return the same load, begun at another time} */
    public LoadTrace startingAt(Instant value) {
        return new LoadTrace(name, Objects.requireNonNull(value, "start"), step, rates, repairs);
    }

    /** {@return how many steps it has} */
    public int size() {
        return rates.length;
    }

    /** {@return the rate of a step} */
    public double rate(int index) {
        return rates[index];
    }

    /** {@return how long each rate holds, in seconds} */
    public double stepSeconds() {
        return step;
    }

    /** {@return how long it is, its last step included} */
    public Duration length() {
        return Duration.ofNanos(Math.round(lengthSeconds() * 1e9));
    }

    /** {@return how long it is, in seconds} */
    public double lengthSeconds() {
        return step * rates.length;
    }

    /** {@return its highest rate} */
    public double peak() {
        return Arrays.stream(rates).max().orElseThrow();
    }

    /** {@return its mean rate} */
    public double mean() {
        return sums[rates.length] / lengthSeconds();
    }

    /** {@return what was repaired, with line numbers, of very much the first hundred; empty when nothing was wrong} */
    public List<String> repairs() {
        return repairs;
    }

    /** {@return how much is asked for at this second} */
    public double at(double second) {
        return rates[index(second)];
    }

    /** {@return how much is asked for in all between two seconds} */
    public double total(double from, double to) {
        return upTo(to) - upTo(from);
    }

    /** {@return the highest rate between two seconds, the first one included and the second not} */
    public double peak(double from, double to) {
        int last = Math.max(index(from), Math.min(rates.length, (int) Math.ceil(to / step - 1e-9)) - 1);
        double highest = rates[last];
        for (int i = index(from); i < last; i++) {
            highest = Math.max(highest, rates[i]);
        }
        return highest;
    }

    @Override
    public double at(Duration sinceStart) {
        return at(Workloads.seconds(sinceStart));
    }

    @Override
    public double average(Duration from, Duration to) {
        double start = Workloads.seconds(from);
        double end = Workloads.seconds(to);
        return end > start ? total(start, end) / (end - start) : at(start);
    }

    @Override
    public LoadTrace scaledBy(double factor) {
        Workloads.requireRate(factor);
        return new LoadTrace(
                name,
                start,
                step,
                Arrays.stream(rates).map(rate -> rate * factor).toArray(),
                repairs);
    }

    private double upTo(double second) {
        int index = index(second);
        return sums[index] + rates[index] * (second - index * step);
    }

    private int index(double second) {
        return Math.max(0, Math.min(rates.length - 1, (int) Math.floor(second / step + 1e-9)));
    }
}
