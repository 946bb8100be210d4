package io.micado.policy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of the policy {@code predictive}. Made by {@link PredictivePolicy}, used by {@link PredictiveScaler}. Immutable.
 *
 * @param target the utilisation of the plain tracker that it may not cost more than, above 0 and at most 1
 * @param safety where it stands between cost (0) and safety (1)
 * @param perInstance how much of a total one instance carries when fully used, by metric; empty for CPU
 * @param forecastOnly whether it only shows its forecasts and recommends what a plain tracker would
 * @param warmUp for how long the CPU of a new replica does not count
 */
record PredictiveSettings(
        double target, double safety, Map<MetricName, Double> perInstance, boolean forecastOnly, Duration warmUp) {

    private static final double BALANCED = 0.5;

    PredictiveSettings {
        perInstance = new LinkedHashMap<>(perInstance);
    }

    /** {@return how much of what a plain tracker runs may be run} */
    double share() {
        return between(0.85, 0.996, 1.3);
    }

    /** {@return the share of the load that is kept free in any case: no more than a plain tracker keeps} */
    double floor() {
        return Math.min(between(0.08, 0.13, 0.25), 1 / target - 1);
    }

    /** {@return the probability with which a forecast may be exceeded, however much could be spent} */
    double tolerated() {
        return 2e-4 * Math.pow(100, BALANCED - safety);
    }

    private double between(double cheap, double balanced, double safe) {
        double further = 2 * Math.abs(safety - BALANCED);
        return balanced + further * ((safety < BALANCED ? cheap : safe) - balanced);
    }
}
