package io.micado.policy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The policy {@code schedule}: so many at such times, found through {@link java.util.ServiceLoader} and called by the engine
 * while it is built. Immutable. {@link Schedule} tells what it does, and writes its settings.
 */
public final class SchedulePolicy implements ScalingPolicy {
    static final String ENTRIES = "entries";
    static final String ZONE = "zone";
    static final String LEAD = "lead";
    static final String OTHERWISE = "otherwise";

    /** Creates the policy; called by the {@link java.util.ServiceLoader}. */
    public SchedulePolicy() {}

    @Override
    public String type() {
        return Schedule.TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.required(
                        ENTRIES,
                        SettingKey.Type.LIST,
                        "0 8 * * MON-FRI for 10h: 4",
                        "what is wanted when, each as " + ScheduleEntry.FORM),
                SettingKey.optional(ZONE, SettingKey.Type.STRING, "UTC", "whose wall clocks the entries go by"),
                SettingKey.optional(
                        LEAD,
                        SettingKey.Type.DURATION,
                        null,
                        "how much earlier to ask; as long as it was measured to take"),
                SettingKey.optional(
                        OTHERWISE,
                        SettingKey.Type.INTEGER,
                        null,
                        "how many are wanted when no entry counts; the least of the bounds"));
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        return create(settings);
    }

    static ScheduleScaler create(Settings settings) {
        SettingsReader reader = new SettingsReader(settings);
        List<ScheduleEntry> entries = new ArrayList<>();
        for (String text : settings.list(ENTRIES)) {
            try {
                entries.add(ScheduleEntry.parse(text));
            } catch (ConfigurationException e) {
                reader.problem(
                        ENTRIES,
                        "the duration in \"" + text + "\" "
                                + e.problems().get(0).message());
            } catch (IllegalArgumentException e) {
                reader.problem(ENTRIES, "\"" + text + "\" " + e.getMessage());
            }
        }
        if (settings.list(ENTRIES).isEmpty()) {
            reader.problem(ENTRIES, "must have at least one entry of the form " + ScheduleEntry.FORM);
        }
        ZoneId zone = settings.string(ZONE).flatMap(text -> zone(text, reader)).orElse(ZoneOffset.UTC);
        Optional<Duration> lead = reader.duration(LEAD);
        Optional<Integer> otherwise = reader.integer(OTHERWISE, count -> count >= 0, "0 or more");
        reader.throwProblems();
        return new ScheduleScaler(entries, zone, lead, otherwise);
    }

    private static Optional<ZoneId> zone(String text, SettingsReader reader) {
        try {
            return Optional.of(ZoneId.of(text.strip()));
        } catch (DateTimeException e) {
            reader.problem(ZONE, "must be a time zone such as Europe/Budapest or UTC, got \"" + text + "\"");
            return Optional.empty();
        }
    }
}
