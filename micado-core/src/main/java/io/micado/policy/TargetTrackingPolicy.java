package io.micado.policy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.policy.TrackedUtilisation.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policy {@code target-tracking}: as many replicas or workers as keep each metric at its target, found through
 * {@link java.util.ServiceLoader} and called by the engine while it is built. Immutable. {@link TargetTracking} tells what it
 * does, and writes its settings.
 */
public final class TargetTrackingPolicy implements ScalingPolicy {
    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String PER_REPLICA = "perReplica";
    static final String KEEP = "keep";
    static final String WARM_UP = "warmUp";

    static final double DEFAULT_CPU = 0.6;
    static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(30);

    /** Creates the policy; called by the {@link java.util.ServiceLoader}. */
    public TargetTrackingPolicy() {}

    @Override
    public String type() {
        return TargetTracking.TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.optional(
                        CPU,
                        SettingKey.Type.NUMBER,
                        null,
                        "CPU utilisation to keep, above 0 and at most 1; 0.6 when no metric is set at all"),
                SettingKey.optional(
                        MEMORY, SettingKey.Type.NUMBER, null, "memory utilisation to keep, above 0 and at most 1"),
                SettingKey.optional(
                        PER_REPLICA,
                        SettingKey.Type.MAP,
                        null,
                        "how much of a metric's total each replica or worker carries, by the metric's name"),
                SettingKey.optional(
                        KEEP, SettingKey.Type.MAP, null, "the value at which a metric is kept, by the metric's name"),
                SettingKey.optional(
                        WARM_UP,
                        SettingKey.Type.DURATION,
                        "30s",
                        "for how long the CPU of a new replica does not count beside older ones"));
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        return create(settings);
    }

    static TargetTracker create(Settings settings) {
        SettingsReader reader = new SettingsReader(settings);
        Duration warmUp = reader.duration(WARM_UP).orElse(DEFAULT_WARM_UP);
        List<TrackedMetric> metrics = new ArrayList<>();
        share(reader, CPU).ifPresent(target -> metrics.add(new TrackedUtilisation(Resource.CPU, target, warmUp)));
        share(reader, MEMORY).ifPresent(target -> metrics.add(new TrackedUtilisation(Resource.MEMORY, target, warmUp)));
        metrics.addAll(values(settings, reader, PER_REPLICA, TrackedValue.Kind.PER_REPLICA));
        metrics.addAll(values(settings, reader, KEEP, TrackedValue.Kind.KEEP));
        reader.throwProblems();
        if (metrics.isEmpty()) {
            metrics.add(new TrackedUtilisation(Resource.CPU, DEFAULT_CPU, warmUp));
        }
        return new TargetTracker(metrics);
    }

    private static Optional<Double> share(SettingsReader reader, String key) {
        return reader.number(key, value -> value > 0 && value <= 1, "above 0 and at most 1, where 0.6 is 60 %");
    }

    private static List<TrackedMetric> values(
            Settings settings, SettingsReader reader, String key, TrackedValue.Kind kind) {
        List<TrackedMetric> values = new ArrayList<>();
        try {
            for (Map.Entry<String, String> entry : settings.map(key).entrySet()) {
                MetricName name = MetricName.parse(entry.getKey());
                if (name.name().isEmpty()) {
                    reader.problem(key, "must name a metric, got \"" + entry.getKey() + "\"");
                    continue;
                }
                number(entry.getValue())
                        .ifPresentOrElse(
                                target -> values.add(new TrackedValue(name, kind, target)),
                                () -> reader.problem(
                                        key,
                                        "must be a number above 0 for \"" + entry.getKey() + "\", got \""
                                                + entry.getValue() + "\""));
            }
        } catch (ConfigurationException e) {
            reader.problems(e);
        }
        return values;
    }

    static Optional<Double> number(String text) {
        try {
            double value = Double.parseDouble(text.trim());
            return value > 0 && Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
