package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * Sets a sample aside that is too far from all before to be believed at once, such as one of a counter that was reset; a second
 * one like it is believed. Used by {@link PredictiveMemory}. Confined to one thread.
 */
final class Plausibility {
    private static final double FACTOR = 8;
    /** Less than this many instances is never far from anything. */
    private static final double SMALL = 1;

    /** How many bytes it takes. */
    static final int BYTES = 8;

    private double suspect = Double.NaN;

    Plausibility() {}

    Plausibility(ByteBuffer in) {
        suspect = in.getDouble();
    }

    void write(ByteBuffer out) {
        out.putDouble(suspect);
    }

    /** {@return whether to believe a sample, given the level of the last minutes} */
    boolean accepts(double load, double level) {
        if (!isFar(load, level) || (!Double.isNaN(suspect) && !isFar(load, suspect))) {
            suspect = Double.NaN;
            return true;
        }
        suspect = load;
        return false;
    }

    private static boolean isFar(double load, double other) {
        double a = Math.max(SMALL, load);
        double b = Math.max(SMALL, other);
        return a > FACTOR * b || b > FACTOR * a;
    }
}
