package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * Whether a load hardly changes from one hour to the next: then there is neither a season to learn nor has the load shown how
 * wrong forecasts of it may be. Used by {@link Forecaster}. Confined to one thread.
 *
 * <p>It may change a few times in two days and is steady all the same: a load that doubles and comes back has changed in four hours at
 * most, and it is no season before it does so again.
 */
final class Steadiness {
    private static final double HOUR = 3_600;
    private static final int HOURS = 48;
    private static final int FEW = 5;
    /** Loads of people and of jobs change by a tenth and more in most hours, a constant one with noise by a hundredth. */
    private static final double STEADY = 0.04;

    /** How many bytes it takes. */
    static final int BYTES = 8 + 8 + 8;

    private double markedAt = Double.NaN;
    private double mark;
    /** A bit for each of the last hours, the latest the lowest: whether the load changed in it. */
    private long changed;

    Steadiness() {}

    Steadiness(ByteBuffer in) {
        markedAt = in.getDouble();
        mark = in.getDouble();
        changed = in.getLong();
    }

    void write(ByteBuffer out) {
        out.putDouble(markedAt).putDouble(mark).putLong(changed);
    }

    /** Adds what the load usually is now; two days' worth of hours is remembered. */
    void add(double second, double load) {
        if (second - markedAt < HOUR) {
            return;
        }
        double most = Math.max(load, mark);
        if (!Double.isNaN(markedAt) && most > 0) {
            long bit = Math.abs(load - mark) / most < STEADY ? 0 : 1;
            changed = (changed << 1 | bit) & (1L << HOURS) - 1;
        }
        markedAt = second;
        mark = load;
    }

    boolean isSteady() {
        return Long.bitCount(changed) <= FEW;
    }
}
