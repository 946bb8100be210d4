package io.micado.policy;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How far too low forecasts usually are at each hour of the day: the root of the mean square, in which few great errors outweigh
 * many small ones. Used by {@link Forecaster}, one for each expert. Confined to one thread.
 *
 * <p>Bursts come at some hours rather than at others, when jobs start and people work. Each hour is an exponential moving average
 * over days; an hour is looked at with both of its neighbours. Before an hour is known, all errors so far stand in for it.
 */
final class HourlyErrors {
    private static final int HOURS = 24;
    private static final double HOUR = 3_600;
    private static final double DAY = HOURS * HOUR;
    private static final double GAIN = 0.5;
    /** A part of an hour shorter than this, in seconds, tells nothing of it. */
    private static final double LEAST = 600;

    /** How many bytes it takes. */
    static final int BYTES = 4 * (HOURS + 5);

    private final float[] squares = new float[HOURS];
    private int hour = -1;
    private float sum;
    private float seconds;
    private float usual;
    private float mean;

    HourlyErrors() {
        Arrays.fill(squares, Float.NaN);
    }

    HourlyErrors(ByteBuffer in) {
        in.asFloatBuffer().get(squares);
        in.position(in.position() + 4 * HOURS);
        hour = in.getInt();
        sum = in.getFloat();
        seconds = in.getFloat();
        usual = in.getFloat();
        mean = in.getFloat();
    }

    void write(ByteBuffer out) {
        out.asFloatBuffer().put(squares);
        out.position(out.position() + 4 * HOURS);
        out.putInt(hour).putFloat(sum).putFloat(seconds).putFloat(usual).putFloat(mean);
    }

    /**
     * Adds an error.
     *
     * @param second when, by the wall clock
     * @param error how much too low the forecast was; what is below zero counts as zero
     * @param step so many seconds after the one before
     * @param judged for how many seconds there were errors so far
     */
    void add(double second, double error, double step, double judged) {
        int now = hour(second);
        if (now != hour) {
            close();
            hour = now;
        }
        float square = error > 0 ? (float) (error * error) : 0;
        sum += (float) step * square;
        seconds += (float) step;
        float gain = (float) (step / Math.min(DAY, Math.max(step, judged)));
        usual += gain * (square - usual);
        mean += gain * ((float) Math.max(0, error) - mean);
    }

    /**
     * {@return how much the few great errors outweigh the many small ones: 1.77 for errors of a normal distribution, more for
     * bursts}
     */
    double tail() {
        return mean > 0 ? Math.sqrt(usual) / mean : 0;
    }

    /** {@return the usual error at that time} */
    double at(double second) {
        int around = hour(second);
        double total = 0;
        int known = 0;
        for (int i = -1; i <= 1; i++) {
            float square = squares[Math.floorMod(around + i, HOURS)];
            if (!Float.isNaN(square)) {
                total += square;
                known++;
            }
        }
        return Math.sqrt(known > 0 ? total / known : usual);
    }

    private void close() {
        if (hour >= 0 && seconds >= LEAST) {
            float mean = sum / seconds;
            squares[hour] = Float.isNaN(squares[hour]) ? mean : (float) (squares[hour] + GAIN * (mean - squares[hour]));
        }
        sum = 0;
        seconds = 0;
    }

    private static int hour(double second) {
        return (int) Math.floorMod((long) Math.floor(second / HOUR), (long) HOURS);
    }
}
