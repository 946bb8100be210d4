package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * How far off forecasts have been lately: a histogram of their errors, as multiples of the usual error, from which old ones fade.
 * Used by {@link Forecaster}. Confined to one thread.
 *
 * <p>Decaying histograms of exponentially growing buckets are what Google's Autopilot and the Kubernetes Vertical Pod
 * Autoscaler estimate with (Rzadca and others: Autopilot, EuroSys 2020). While little has been seen, it is filled up with what a
 * Laplace distribution would show.
 */
final class ErrorQuantiles {
    private static final int BINS = 40;
    private static final double FIRST = 0.125;
    private static final double GROWTH = 1.2;
    private static final double LOG_GROWTH = Math.log(GROWTH);
    /** How many errors the assumed distribution counts as much as. */
    private static final double ASSUMED = 120;

    private static final double HALF_LIFE = 14 * 86_400.0;
    /** Weights grow instead of fading; from here on all are brought back. */
    private static final double LARGE = 1e6;

    private static final double[] LOW = new double[BINS + 1];
    private static final double[] EXPECTED = new double[BINS];

    static {
        for (int i = 1; i <= BINS; i++) {
            LOW[i] = FIRST * Math.pow(GROWTH, i - 1);
        }
        for (int i = 1; i < BINS; i++) {
            EXPECTED[i] = ASSUMED * 0.5 * (Math.exp(-LOW[i]) - (i == BINS - 1 ? 0 : Math.exp(-LOW[i + 1])));
        }
    }

    /** How many bytes it takes. */
    static final int BYTES = 4 * (BINS + 2);

    private final float[] weights = new float[BINS];
    private float total;
    private float newest = 1;

    ErrorQuantiles() {}

    ErrorQuantiles(ByteBuffer in) {
        in.asFloatBuffer().get(weights);
        in.position(in.position() + 4 * BINS);
        total = in.getFloat();
        newest = in.getFloat();
    }

    void write(ByteBuffer out) {
        out.asFloatBuffer().put(weights);
        out.position(out.position() + 4 * BINS);
        out.putFloat(total).putFloat(newest);
    }

    /** Adds an error, so many seconds after the one before. */
    void add(double error, double seconds) {
        newest *= (float) Math.pow(2, seconds / HALF_LIFE);
        weights[bin(error)] += newest;
        total += newest;
        if (newest > LARGE) {
            for (int i = 0; i < BINS; i++) {
                weights[i] /= newest;
            }
            total /= newest;
            newest = 1;
        }
    }

    /** {@return the error that is exceeded with this probability; 0 when that is not above zero} */
    double exceededWith(double probability) {
        double open = probability * (total / newest + ASSUMED);
        for (int i = BINS - 1; i >= 1; i--) {
            double weight = weights[i] / newest + EXPECTED[i];
            if (weight >= open) {
                return LOW[i + 1] - (LOW[i + 1] - LOW[i]) * open / weight;
            }
            open -= weight;
        }
        return 0;
    }

    private static int bin(double error) {
        return error > FIRST ? Math.min(BINS - 1, 1 + (int) (Math.log(error / FIRST) / LOG_GROWTH)) : 0;
    }
}
