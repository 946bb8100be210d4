package io.micado.examples.bench.baseline;

import java.util.ArrayDeque;

/**
 * ConPaaS (Fernandez, Pierre, Kielmann: Autoscaling web applications in heterogeneous cloud infrastructures, 2014): several time-series
 * models over the last 20 samples, of which the one with the least recent error forecasts. Confined to one thread.
 *
 * <p>Published numbers: a window of 20 samples, linear regression, auto-regression, exponential smoothing; with less than a window the
 * load itself. Deviations: the collection's {@code ConPaaSAutoscaler.py} always takes the auto-regression, of as high an order as the
 * window; here the choice is the paper's, and the auto-regression is of first order. There one server is the answer to a
 * load that it can handle, without a forecast; here the forecast decides then too.
 */
final class ConPaas implements StepRule {
    private static final int WINDOW = 20;
    private static final int MODELS = 3;
    private static final double SMOOTHING = 0.5;
    private static final double FADING = 0.8;

    private final ArrayDeque<Double> window = new ArrayDeque<>();
    private final double[] forecasts = new double[MODELS];
    private final double[] errors = new double[MODELS];
    private boolean forecasting;

    @Override
    public int next(int capacity, double load) {
        for (int i = 0; i < MODELS && forecasting; i++) {
            errors[i] = FADING * errors[i] + Math.abs(load - forecasts[i]);
        }
        window.addLast(load);
        if (window.size() <= WINDOW) {
            return StepRule.needed(load);
        }
        window.removeFirst();
        forecasting = true;
        forecasts[0] = linear();
        forecasts[1] = autoRegression();
        forecasts[2] = smoothed();
        int best = 0;
        for (int i = 1; i < MODELS; i++) {
            best = errors[i] < errors[best] ? i : best;
        }
        return StepRule.needed(forecasts[best]);
    }

    private double linear() {
        double mean = mean();
        double middle = (WINDOW - 1) / 2.0;
        double product = 0;
        double squares = 0;
        int x = 0;
        for (double load : window) {
            product += (x - middle) * (load - mean);
            squares += (x - middle) * (x - middle);
            x++;
        }
        return mean + product / squares * (WINDOW - middle);
    }

    private double autoRegression() {
        double mean = mean();
        double product = 0;
        double squares = 0;
        double before = Double.NaN;
        for (double load : window) {
            product += Double.isNaN(before) ? 0 : (before - mean) * (load - mean);
            squares += (load - mean) * (load - mean);
            before = load;
        }
        return squares > 0 ? mean + product / squares * (before - mean) : mean;
    }

    private double smoothed() {
        double level = window.getFirst();
        for (double load : window) {
            level += SMOOTHING * (load - level);
        }
        return level;
    }

    private double mean() {
        return window.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
