package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * Sets a measurement aside that is too far from all before to be believed at once, such as one of a counter that was reset; a later
 * one like it is believed. Passes may come more often than measurements: the same one again says nothing new. Used by
 * {@link PredictiveMemory} and {@link Beliefs}. Confined to one thread.
 */
final class Plausibility {
    private static final double FACTOR = 8;
    /** Less than this many instances is never far from anything. */
    private static final double SMALL = 1;

    /** Clocks differ by less, in milliseconds. */
    private static final long CLOCK_STEP = 60_000;

    /** How many bytes it takes. */
    static final int BYTES = 8 + 8;

    private double suspect = Double.NaN;
    /** The latest sample that the suspect was made of, in milliseconds. */
    private long suspectedAt;

    Plausibility() {}

    Plausibility(ByteBuffer in) {
        suspect = in.getDouble();
        suspectedAt = in.getLong();
    }

    void write(ByteBuffer out) {
        out.putDouble(suspect).putLong(suspectedAt);
    }

    /**
     * {@return whether to believe a load, given what it was lately}
     *
     * @param observed what it was made of; it confirms another when none of its samples was part of that one
     */
    boolean accepts(double load, double level, Observed observed) {
        boolean isSuspect = isFar(load, level);
        // A clock may have been set back since.
        boolean isFromTheFuture = suspectedAt > observed.last().toEpochMilli() + CLOCK_STEP;
        boolean isLater = observed.first().toEpochMilli() > suspectedAt || isFromTheFuture;
        if (isSuspect && !Double.isNaN(suspect) && !isLater) {
            return false;
        }
        if (!isSuspect || (!Double.isNaN(suspect) && !isFar(load, suspect))) {
            suspect = Double.NaN;
            return true;
        }
        suspect = load;
        suspectedAt = observed.last().toEpochMilli();
        return false;
    }

    private static boolean isFar(double load, double other) {
        double a = Math.max(SMALL, load);
        double b = Math.max(SMALL, other);
        return a > FACTOR * b || b > FACTOR * a;
    }
}
