package io.micado.policy;

/** Decayed histogram of normalised errors. */
final class ErrorQuantiles {
    static final int BINS = 44;
    private static final double FIRST = 0.125;
    private static final double GROWTH = 1.17;
    private static final double LOG = Math.log(GROWTH);
    private static final double PRIOR = 120;

    private static final double[] LOW = new double[BINS + 1];
    private static final double[] EXPECTED = new double[BINS];

    static {
        for (int i = 1; i <= BINS; i++) {
            LOW[i] = FIRST * Math.pow(GROWTH, i - 1);
        }
        for (int i = 1; i < BINS; i++) {
            EXPECTED[i] = 0.5 * (Math.exp(-LOW[i]) - (i == BINS - 1 ? 0 : Math.exp(-LOW[i + 1])));
        }
    }

    private final float[] weights;
    private double total;
    private double one = 1;

    ErrorQuantiles() {
        weights = new float[BINS];
    }

    private ErrorQuantiles(ErrorQuantiles o) {
        weights = o.weights.clone();
        total = o.total;
        one = o.one;
    }

    ErrorQuantiles copy() {
        return new ErrorQuantiles(this);
    }

    void add(double z, double decay) {
        // later ones weigh more, which is the same as letting the earlier ones fade
        one /= decay;
        weights[bin(z)] += (float) one;
        total += one;
        if (one > 1e6) {
            for (int i = 0; i < BINS; i++) {
                weights[i] /= (float) one;
            }
            total /= one;
            one = 1;
        }
    }

    private static int bin(double z) {
        if (!(z > FIRST)) {
            return 0;
        }
        return Math.min(BINS - 1, 1 + (int) (Math.log(z / FIRST) / LOG));
    }

    /** The value that is exceeded with this probability. */
    double exceededWith(double p) {
        double all = total / one + PRIOR;
        double above = 0;
        double goal = p * all;
        for (int i = BINS - 1; i >= 1; i--) {
            double w = weights[i] / one + PRIOR * EXPECTED[i];
            if (above + w >= goal) {
                return LOW[i + 1] - (LOW[i + 1] - LOW[i]) * (goal - above) / w;
            }
            above += w;
        }
        return 0;
    }
}
