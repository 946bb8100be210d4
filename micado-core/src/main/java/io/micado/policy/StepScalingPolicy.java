package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The policy {@code step}: the further a value is beyond its bounds the larger the step, found through
 * {@link java.util.ServiceLoader} and called by the engine while it is built. Immutable. {@link StepScaling} tells what it does,
 * and writes its settings.
 */
public final class StepScalingPolicy implements ScalingPolicy {
    static final String METRIC = "metric";
    static final String STEPS = "steps";
    static final String PAUSE = "pause";

    /** Creates the policy; called by the {@link java.util.ServiceLoader}. */
    public StepScalingPolicy() {}

    @Override
    public String type() {
        return StepScaling.TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.optional(
                        METRIC,
                        SettingKey.Type.STRING,
                        Metric.CPU,
                        "what is compared with the bounds: cpu as a share of 1, or a metric of any name"),
                SettingKey.required(
                        STEPS,
                        SettingKey.Type.LIST,
                        "above 0.8: +2",
                        "what to do beyond which bound, each as " + StepBand.FORM),
                SettingKey.optional(
                        PAUSE,
                        SettingKey.Type.DURATION,
                        null,
                        "how long after a step the next one waits; as long as a replica or worker was measured to take"));
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        return create(settings);
    }

    static StepScaler create(Settings settings) {
        SettingsReader reader = new SettingsReader(settings);
        List<StepBand> bands = new ArrayList<>();
        for (String text : settings.list(STEPS)) {
            try {
                bands.add(StepBand.parse(text));
            } catch (IllegalArgumentException e) {
                reader.problem(STEPS, "\"" + text + "\" " + e.getMessage());
            }
        }
        if (settings.list(STEPS).isEmpty()) {
            reader.problem(STEPS, "must have at least one step of the form " + StepBand.FORM);
        }
        checkOrder(bands, reader);
        MetricName metric = MetricName.parse(settings.string(METRIC, Metric.CPU));
        if (metric.name().isEmpty()) {
            reader.problem(METRIC, "must not be blank");
        }
        Optional<Duration> pause = reader.duration(PAUSE);
        reader.throwProblems();
        return new StepScaler(new StepValue(metric), bands, pause);
    }

    /** Where a value could be above one bound and below another it would go out and in by turns. */
    private static void checkOrder(List<StepBand> bands, SettingsReader reader) {
        double lowestAbove = bands.stream()
                .filter(StepBand::above)
                .mapToDouble(StepBand::bound)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
        bands.stream()
                .filter(band -> !band.above() && band.bound() >= lowestAbove)
                .forEach(band -> reader.problem(
                        STEPS,
                        "\"" + band.text()
                                + "\" must have a bound less than that of each \"above\", the lowest of which is "
                                + Words.number(lowestAbove)));
    }
}
