package io.micado.api.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a source knows of the past. Immutable. A key that is absent, and a step without a sample, were not measured, which is not the
 * same as zero.
 *
 * @param samples the samples of each key, the oldest first
 * @param problems what could not be told and why, for people; no secrets
 */
public record MetricHistory(Map<MetricKey, List<Sample>> samples, List<String> problems) {
    /** Nothing is known. */
    public static final MetricHistory NONE = new MetricHistory(Map.of(), List.of());

    /** Copies the collections. */
    public MetricHistory {
        Map<MetricKey, List<Sample>> copy = new LinkedHashMap<>();
        samples.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        samples = Map.copyOf(copy);
        problems = List.copyOf(problems);
    }

    /** {@return the samples of this key, the oldest first; none when it was not measured} */
    public List<Sample> of(MetricKey key) {
        return samples.getOrDefault(Objects.requireNonNull(key, "key"), List.of());
    }
}
