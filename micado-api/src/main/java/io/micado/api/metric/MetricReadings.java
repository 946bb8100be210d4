package io.micado.api.metric;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a source could measure in one go. Immutable. A key that is absent was not measured, which is not the same as zero.
 *
 * @param samples the measured values
 * @param problems what could not be measured and why, for people; no secrets
 */
public record MetricReadings(Map<MetricKey, Sample> samples, List<String> problems) {
    /** Nothing measured. */
    public static final MetricReadings EMPTY = new MetricReadings(Map.of(), List.of());

    /** Copies the collections. */
    public MetricReadings {
        samples = Map.copyOf(samples);
        problems = List.copyOf(problems);
    }

    /** {@return the sample of this key; empty when it was not measured} */
    public Optional<Sample> get(MetricKey key) {
        return Optional.ofNullable(samples.get(Objects.requireNonNull(key, "key")));
    }

    /** {@return these, each sample measured this often unless it says by itself how often} */
    public MetricReadings every(Duration ofTheirSource) {
        Map<MetricKey, Sample> all = new HashMap<>();
        samples.forEach((key, sample) -> all.put(key, sample.every(ofTheirSource)));
        return new MetricReadings(all, problems);
    }

    /** {@return these and the others; where both have a key, the younger sample} */
    public MetricReadings mergedWith(MetricReadings other) {
        if (other.samples.isEmpty() && other.problems.isEmpty()) {
            return this;
        }
        if (samples.isEmpty() && problems.isEmpty()) {
            return other;
        }
        Map<MetricKey, Sample> all = new HashMap<>(samples);
        other.samples.forEach((key, sample) ->
                all.merge(key, sample, (a, b) -> a.observedAt().isAfter(b.observedAt()) ? a : b));
        List<String> told = new java.util.ArrayList<>(problems);
        told.addAll(other.problems);
        return new MetricReadings(all, told);
    }
}
