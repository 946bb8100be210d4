package io.micado.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * What is wrong with the numbers of {@link SimulatedMetrics}, apart from its calls as such
 * ({@link SimulatedMetrics#calls()}). Changed by tests at any time; thread-safe.
 */
public final class MetricFaults {
    private final Random random;
    private final Map<String, Double> lies = Collections.synchronizedMap(new HashMap<>());
    private final Set<String> unmeasured = Collections.synchronizedSet(new HashSet<>());
    private volatile double noise;
    private volatile double missing;
    private volatile Duration lag = Duration.ZERO;

    MetricFaults(Random random) {
        this.random = random;
    }

    /** Lets every value be off by chance, by this standard deviation relative to the truth; default 0. */
    public MetricFaults noise(double relative) {
        if (!(relative >= 0) || Double.isInfinite(relative)) {
            throw new IllegalArgumentException("relative must be 0 or more, got " + relative);
        }
        noise = relative;
        return this;
    }

    /** Lets samples be at least this old; default zero. */
    public MetricFaults lag(Duration age) {
        lag = Objects.requireNonNull(age, "age");
        return this;
    }

    /** Lets this share of the tasks be missing from each answer, chosen anew each time; default 0. */
    public MetricFaults missing(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be 0 to 1, got " + share);
        }
        missing = share;
        return this;
    }

    /** Lets the tasks of a service be missing from every answer. */
    public MetricFaults missing(String service) {
        unmeasured.add(service);
        return this;
    }

    /** Lets every task of a service show this much CPU, whatever it really uses. */
    public MetricFaults lie(String service, double cpuCores) {
        lies.put(service, cpuCores);
        return this;
    }

    /** Ends what {@link #lie} and {@link #missing(String)} began for a service. */
    public MetricFaults tellTheTruth(String service) {
        lies.remove(service);
        unmeasured.remove(service);
        return this;
    }

    Duration lag() {
        return lag;
    }

    boolean isMissing(String service) {
        return unmeasured.contains(service) || (missing > 0 && random.nextDouble() < missing);
    }

    double cpuShown(String service, double truth) {
        return lies.getOrDefault(service, truth);
    }

    double withNoise(double truth) {
        return noise == 0 ? truth : Math.max(0, truth * (1 + noise * random.nextGaussian()));
    }
}
