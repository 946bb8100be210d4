package io.micado.policy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The policy {@code predictive}: as many replicas or workers as the load will need by the time they arrive, found through
 * {@link java.util.ServiceLoader} and called by the engine while it is built. Immutable. {@link Predictive} tells what it does, and
 * writes its settings.
 */
public final class PredictivePolicy implements ScalingPolicy {
    static final String TARGET = "target";
    static final String SAFETY = "safety";
    static final String PER_INSTANCE = "perInstance";
    static final String MODE = "mode";
    static final String WARM_UP = "warmUp";
    static final String ACTIVE = "active";
    static final String FORECAST_ONLY = "forecast-only";

    private static final double DEFAULT_TARGET = 0.7;
    private static final double DEFAULT_SAFETY = 0.5;
    private static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(30);

    /** Creates the policy; called by the {@link java.util.ServiceLoader}. */
    public PredictivePolicy() {}

    @Override
    public String type() {
        return Predictive.TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.optional(
                        TARGET,
                        SettingKey.Type.NUMBER,
                        "0.7",
                        "utilisation of the plain tracker that it may not cost more than, above 0 and at most 1"),
                SettingKey.optional(
                        SAFETY, SettingKey.Type.NUMBER, "0.5", "where it stands between cost (0) and safety (1)"),
                SettingKey.optional(
                        PER_INSTANCE,
                        SettingKey.Type.MAP,
                        null,
                        "how much of a total one replica or worker carries when fully used, by the metric's name;"
                                + " CPU when nothing is set"),
                SettingKey.optional(
                        MODE,
                        SettingKey.Type.STRING,
                        ACTIVE,
                        "active, or forecast-only to show forecasts and recommend what a plain tracker would"),
                SettingKey.optional(
                        WARM_UP,
                        SettingKey.Type.DURATION,
                        "30s",
                        "for how long the CPU of a new replica counts no more than that of older ones"));
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        return create(settings);
    }

    static PredictiveScaler create(Settings settings) {
        SettingsReader reader = new SettingsReader(settings);
        double target = reader.number(
                        TARGET, value -> value > 0 && value <= 1, "above 0 and at most 1, where 0.7 is 70 %")
                .orElse(DEFAULT_TARGET);
        double safety = reader.number(SAFETY, value -> value >= 0 && value <= 1, "0 to 1")
                .orElse(DEFAULT_SAFETY);
        boolean forecastOnly = reader.choice(MODE, List.of(ACTIVE, FORECAST_ONLY), Function.identity())
                .filter(FORECAST_ONLY::equals)
                .isPresent();
        Duration warmUp = reader.duration(WARM_UP).orElse(DEFAULT_WARM_UP);
        Map<MetricName, Double> perInstance = perInstance(settings, reader);
        reader.throwProblems();
        return new PredictiveScaler(new PredictiveSettings(target, safety, perInstance, forecastOnly, warmUp));
    }

    private static Map<MetricName, Double> perInstance(Settings settings, SettingsReader reader) {
        Map<MetricName, Double> amounts = new LinkedHashMap<>();
        try {
            settings.map(PER_INSTANCE).forEach((metric, text) -> {
                MetricName name = MetricName.parse(metric);
                if (name.name().isEmpty() || name.scope() == MetricName.Scope.EACH) {
                    reader.problem(
                            PER_INSTANCE,
                            "must name a metric of the service, the pool or the host program, got \"" + metric + "\"");
                }
                TargetTrackingPolicy.number(text)
                        .ifPresentOrElse(
                                amount -> amounts.put(name, amount),
                                () -> reader.problem(
                                        PER_INSTANCE,
                                        "must be a number above 0 for \"" + metric + "\", got \"" + text + "\""));
            });
        } catch (ConfigurationException e) {
            reader.problems(e);
        }
        return amounts;
    }
}
