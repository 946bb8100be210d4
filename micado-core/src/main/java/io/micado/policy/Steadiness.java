package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * Whether a load hardly changes from one hour to the next: then there is neither a season to learn nor has the load shown how
 * wrong forecasts of it may be. Used by {@link Forecaster}. Confined to one thread.
 */
final class Steadiness {
    private static final double HOUR = 3_600;
    private static final int HOURS = 24;
    /** Loads of people and of jobs change by a tenth and more in an hour, a constant one with noise by a hundredth. */
    private static final double STEADY = 0.04;

    /** How many bytes it takes. */
    static final int BYTES = 8 + 8 + 8 + 4;

    private double markedAt = Double.NaN;
    private double mark;
    private double change;
    private int count;

    Steadiness() {}

    Steadiness(ByteBuffer in) {
        markedAt = in.getDouble();
        mark = in.getDouble();
        change = in.getDouble();
        count = in.getInt();
    }

    void write(ByteBuffer out) {
        out.putDouble(markedAt).putDouble(mark).putDouble(change).putInt(count);
    }

    /** Adds what the load usually is now; a day's worth of hours is remembered. */
    void add(double second, double load) {
        if (second - markedAt < HOUR) {
            return;
        }
        double most = Math.max(load, mark);
        if (!Double.isNaN(markedAt) && most > 0) {
            count = Math.min(HOURS, count + 1);
            change += (Math.abs(load - mark) / most - change) / count;
        }
        markedAt = second;
        mark = load;
    }

    boolean isSteady() {
        return change < STEADY;
    }
}
