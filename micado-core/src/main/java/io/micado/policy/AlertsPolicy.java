package io.micado.policy;

import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The policy {@code alerts}: one step for each repeat interval in which an alert fires, found through {@link java.util.ServiceLoader} and
 * called by the engine while it is built. Immutable. {@link Alerts} tells what it does.
 */
public final class AlertsPolicy implements ScalingPolicy {
    private static final String REPEAT = "repeat";
    private static final String STEP = "step";
    private static final Duration SERVICE_REPEAT = Duration.ofMinutes(1);
    private static final Duration POOL_REPEAT = Duration.ofMinutes(5);

    /** Creates the policy; called by the {@link java.util.ServiceLoader}. */
    public AlertsPolicy() {}

    @Override
    public String type() {
        return Alerts.TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.optional(
                        REPEAT,
                        SettingKey.Type.DURATION,
                        null,
                        "how long after a step the next one waits while the alert fires; 60s for services, 300s for pools"),
                SettingKey.optional(STEP, SettingKey.Type.INTEGER, "1", "how many are added or taken at once"));
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        return create(settings);
    }

    static Scaler create(Settings settings) {
        SettingsReader reader = new SettingsReader(settings);
        Optional<Duration> repeat = reader.duration(REPEAT);
        int step = reader.integer(STEP, count -> count >= 1, "1 or more").orElse(1);
        reader.throwProblems();
        return new AlertsScaler(scaler(step, repeat.orElse(SERVICE_REPEAT)), scaler(step, repeat.orElse(POOL_REPEAT)));
    }

    private static StepScaler scaler(int step, Duration repeat) {
        return new StepScaler(
                new StepValue(new MetricName(Alerts.METRIC, MetricName.Scope.TARGET)),
                List.of(band("overloaded", true, '+', step), band("underloaded", false, '-', step)),
                Optional.of(repeat));
    }

    private static StepBand band(String text, boolean above, char sign, int step) {
        return new StepBand(text, above, 0, new StepBand.Change(sign, step, false));
    }
}
