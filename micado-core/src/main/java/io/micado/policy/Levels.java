package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * Where a load is now, as averages that reach back differently far. Used by {@link Forecaster}. Confined to one thread.
 *
 * <p>Exponential smoothing (Brown 1956) for samples that come at any times, without the bias of its start.
 */
final class Levels {
    /** After how many seconds a sample counts half; 0 takes the latest alone. */
    private static final double[] HALF_LIVES = {0, 120, 600, 1_500};

    /** The average that tells where a load usually is lately: longer than a burst, shorter than an hour. */
    static final int TEN_MINUTES = 2;

    /** How many averages there are. */
    static final int COUNT = HALF_LIVES.length;

    /** How many bytes they take. */
    static final int BYTES = 16 * COUNT;

    private final double[] means = new double[COUNT];
    private final double[] weights = new double[COUNT];

    Levels() {}

    Levels(ByteBuffer in) {
        for (int i = 0; i < COUNT; i++) {
            means[i] = in.getDouble();
            weights[i] = in.getDouble();
        }
    }

    void write(ByteBuffer out) {
        for (int i = 0; i < COUNT; i++) {
            out.putDouble(means[i]).putDouble(weights[i]);
        }
    }

    /** Adds a sample, so many seconds after the one before. */
    void add(double load, double seconds) {
        for (int i = 0; i < COUNT; i++) {
            double keep = HALF_LIVES[i] == 0 ? 0 : Math.pow(0.5, seconds / HALF_LIVES[i]);
            weights[i] = keep * weights[i] + 1 - keep;
            means[i] += (1 - keep) / weights[i] * (load - means[i]);
        }
    }

    /** {@return an average, the first reaching back least} */
    double get(int index) {
        return means[index];
    }

    /** {@return whether an average forgets a burst within the time that most last} */
    static boolean isQuick(int index) {
        return HALF_LIVES[index] <= 120;
    }

    /** {@return the words for an average} */
    static String words(int index) {
        return HALF_LIVES[index] == 0 ? "the latest sample" : "the last " + Math.round(HALF_LIVES[index] / 60) + " min";
    }
}
