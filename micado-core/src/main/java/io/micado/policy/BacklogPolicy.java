package io.micado.policy;

import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The policy {@code backlog}: as many as handle what waits by a deadline, found through {@link java.util.ServiceLoader} and
 * called by the engine while it is built. Immutable. {@link Backlog} tells what it does, and writes its settings.
 */
public final class BacklogPolicy implements ScalingPolicy {
    static final String WAITING = "waiting";
    static final String WITHIN = "within";
    static final String BY = "by";
    static final String EACH = "eachPerSecond";
    static final String HANDLED = "handled";
    static final String ARRIVALS = "arrivals";
    static final String ACTIVATION = "activation";

    /** Creates the policy; called by the {@link java.util.ServiceLoader}. */
    public BacklogPolicy() {}

    @Override
    public String type() {
        return Backlog.TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.required(
                        WAITING, SettingKey.Type.STRING, "orders.waiting", "the metric of how many items wait"),
                SettingKey.required(
                        WITHIN, SettingKey.Type.DURATION, "2m", "how long after it came an item is to be handled"),
                SettingKey.optional(
                        BY,
                        SettingKey.Type.STRING,
                        null,
                        "when all that came before are to be handled at the latest, as 2026-11-27T08:00:00Z"),
                SettingKey.optional(
                        EACH,
                        SettingKey.Type.NUMBER,
                        null,
                        "how many items one handles in a second, above 0; this or \"handled\" is required"),
                SettingKey.optional(
                        HANDLED,
                        SettingKey.Type.STRING,
                        null,
                        "the metric of how many items all handle in a second: while it is above 0 one is kept, and what one"
                                + " handles is learned from it unless \"" + EACH + "\" is given"),
                SettingKey.optional(
                        ARRIVALS,
                        SettingKey.Type.STRING,
                        null,
                        "the metric of how many items arrive in a second; none"),
                SettingKey.optional(
                        ACTIVATION, SettingKey.Type.NUMBER, "0", "up to how many waiting items count as none"));
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        return create(settings);
    }

    static BacklogScaler create(Settings settings) {
        SettingsReader reader = new SettingsReader(settings);
        Optional<MetricName> waiting = metric(settings, WAITING, reader);
        Optional<Duration> within = reader.duration(WITHIN);
        Optional<Double> each = reader.number(EACH, value -> value > 0, "above 0");
        Optional<MetricName> handled = metric(settings, HANDLED, reader);
        Optional<MetricName> arrivals = metric(settings, ARRIVALS, reader);
        Optional<Double> activation = reader.number(ACTIVATION, value -> value >= 0, "0 or more");
        if (settings.raw(WAITING).isEmpty()) {
            reader.problem(WAITING, "is required: the metric of how many items wait");
        }
        if (settings.raw(WITHIN).isEmpty() || within.filter(Duration::isZero).isPresent()) {
            reader.problem(WITHIN, "is required, above zero, such as 2m");
        }
        if (settings.raw(EACH).isEmpty() && settings.raw(HANDLED).isEmpty()) {
            reader.problem(EACH, "is required unless \"" + HANDLED + "\" is given");
        }
        Optional<Instant> by = settings.string(BY).flatMap(text -> instant(text, reader));
        reader.throwProblems();
        return new BacklogScaler(
                waiting.orElseThrow(),
                within.orElseThrow(),
                by,
                each.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                handled,
                arrivals,
                activation.orElse(0.0));
    }

    private static Optional<Instant> instant(String text, SettingsReader reader) {
        try {
            return Optional.of(Instant.parse(text.strip()));
        } catch (DateTimeParseException e) {
            reader.problem(BY, "must be a time such as 2026-11-27T08:00:00Z, got \"" + text + "\"");
            return Optional.empty();
        }
    }

    private static Optional<MetricName> metric(Settings settings, String key, SettingsReader reader) {
        Optional<MetricName> metric = settings.string(key).map(MetricName::parse);
        if (metric.isPresent() && metric.get().name().isEmpty()) {
            reader.problem(key, "must name a metric");
        }
        return metric;
    }
}
