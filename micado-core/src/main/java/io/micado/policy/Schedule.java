package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes down the policy {@code schedule}, for a service or a pool; used by the host program. Not instantiable.
 *
 * <pre>{@code
 * PolicySpec officeHours = Schedule.in(ZoneId.of("Europe/Budapest"))
 *         .every("0 8 * * MON-FRI", Duration.ofHours(10), 4)
 *         .once(LocalDateTime.of(2026, 11, 27, 9, 0), Duration.ofHours(4), 20)
 *         .build();
 * ServiceSpec.builder("web").policy(PolicySpec.max(TargetTracking.cpu(0.6), officeHours)) …
 * }</pre>
 *
 * <p>Of the entries that count at a time the one with the most decides; when none does, it is the least of the bounds. What is
 * wanted is asked for a lead time earlier, so that it is there when the entry begins: of a pool as long as a worker was
 * measured to take, of a service as long as a replica does, and a worker before it where there is no place yet, and in either case
 * as long as the target's rate limit, window and cooldown stretch it. Alone it is the whole policy; with {@link PolicySpec#max} it is a floor under another one.
 */
public final class Schedule {
    /** The policy's type, as in a configuration file. */
    public static final String TYPE = "schedule";

    private Schedule() {}

    /** Starts a schedule by the wall clocks of a time zone. */
    public static Builder in(ZoneId zone) {
        return new Builder(zone);
    }

    /** Collects the entries. Not thread-safe; may be reused. */
    public static final class Builder {
        private final Map<String, Object> settings = new LinkedHashMap<>();
        private final List<String> entries = new ArrayList<>();

        private Builder(ZoneId zone) {
            settings.put(SchedulePolicy.ZONE, zone.getId());
        }

        /**
         * Wants so many from each of these times on.
         *
         * @param cron the five fields of a crontab line: minute, hour, day of the month, month, day of the week
         * @param duration how long, from one minute on
         * @param count how many
         */
        public Builder every(String cron, Duration duration, int count) {
            return entry(cron, duration, count);
        }

        /** Wants so many once, from a local time on, such as for a spike that is known beforehand. */
        public Builder once(LocalDateTime start, Duration duration, int count) {
            return entry(start.toString(), duration, count);
        }

        /** Asks so much earlier; default as long as it was measured to take. */
        public Builder lead(Duration value) {
            settings.put(SchedulePolicy.LEAD, value);
            return this;
        }

        /** Wants so many when no entry counts; default the least of the bounds. */
        public Builder otherwise(int count) {
            settings.put(SchedulePolicy.OTHERWISE, count);
            return this;
        }

        /**
         * {@return the policy}
         *
         * @throws io.micado.api.error.ConfigurationException with everything that is wrong with it
         */
        public PolicySpec build() {
            Map<String, Object> all = new LinkedHashMap<>(settings);
            all.put(SchedulePolicy.ENTRIES, List.copyOf(entries));
            SchedulePolicy.create(Settings.of(all));
            return PolicySpec.of(TYPE, Settings.of(all));
        }

        private Builder entry(String start, Duration duration, int count) {
            entries.add(start + " for " + duration + ": " + count);
            return this;
        }
    }
}
