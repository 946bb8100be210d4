package io.micado.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time and how many are wanted in it, as {@code START for DURATION: COUNT}; the start is a cron expression or one
 * local date and time. Read by {@link SchedulePolicy}, asked by {@link ScheduleScaler} on the policies' threads. Immutable.
 *
 * @param text the entry as it was written
 * @param start when it begins
 * @param duration how long it lasts
 * @param count how many are wanted meanwhile
 */
record ScheduleEntry(String text, Start start, Duration duration, int count) {
    static final String FORM =
            "START for DURATION: COUNT, such as \"0 8 * * MON-FRI for 10h: 4\" or" + " \"2026-11-27T09:00 for 4h: 20\"";
    /** Longer ones would make every look go through years of days. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private static final Pattern PATTERN = Pattern.compile("(.+?)\\s+for\\s+(\\S+?)\\s*:\\s*(\\d{1,9})");

    /** When an entry begins. */
    sealed interface Start permits Every, Once {
        /** {@return the latest begin at or before a time, if it was no longer ago than this} */
        Optional<Instant> last(Instant atOrBefore, Duration longestAgo, ZoneId zone);
    }

    /**
     * Again and again, by the wall clocks of the zone: a time that the change to summer time skips begins when it ends, and one that
     * occurs twice begins at the first.
     *
     * @param cron when
     */
    record Every(CronExpression cron) implements Start {
        @Override
        public Optional<Instant> last(Instant atOrBefore, Duration longestAgo, ZoneId zone) {
            LocalDateTime earliest = LocalDateTime.ofInstant(atOrBefore.minus(longestAgo), zone);
            return cron.lastMatch(lastBegun(atOrBefore, zone), earliest.toLocalDate())
                    .map(match -> begin(match, zone));
        }

        /** The latest local time that was reached so far: in an hour that comes again all of its times were, the first time. */
        private static LocalDateTime lastBegun(Instant now, ZoneId zone) {
            LocalDateTime local = LocalDateTime.ofInstant(now, zone);
            ZoneOffsetTransition change = zone.getRules().getTransition(local);
            boolean isAgain = change != null && change.isOverlap() && !now.isBefore(change.getInstant());
            return isAgain ? change.getDateTimeBefore().minusNanos(1) : local;
        }
    }

    /**
     * Once.
     *
     * @param when by the wall clocks of the zone
     */
    record Once(LocalDateTime when) implements Start {
        @Override
        public Optional<Instant> last(Instant atOrBefore, Duration longestAgo, ZoneId zone) {
            return Optional.of(begin(when, zone)).filter(begin -> !begin.isAfter(atOrBefore));
        }
    }

    /** When the wall clocks show a time for the first time, or would if they did not skip it. */
    private static Instant begin(LocalDateTime when, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(when);
        return change != null && change.isGap()
                ? change.getInstant()
                : when.atZone(zone).toInstant();
    }

    /**
     * {@return the entry}
     *
     * @throws IllegalArgumentException says what is wrong with it
     */
    static ScheduleEntry parse(String text) {
        Matcher matcher = PATTERN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must have the form " + FORM + ", got \"" + text + "\"");
        }
        Duration duration = io.micado.api.spi.Settings.of("duration", matcher.group(2))
                .duration("duration")
                .orElseThrow();
        if (duration.compareTo(Duration.ofMinutes(1)) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("must last from 1 minute to 366 days, got \"" + matcher.group(2) + "\"");
        }
        return new ScheduleEntry(text.strip(), start(matcher.group(1)), duration, Integer.parseInt(matcher.group(3)));
    }

    private static Start start(String text) {
        try {
            return new Once(LocalDateTime.parse(text.strip()));
        } catch (DateTimeParseException e) {
            return new Every(CronExpression.parse(text));
        }
    }

    /** {@return whether it counts at this time, when it is let begin this much earlier} */
    boolean covers(Instant now, Duration lead, ZoneId zone) {
        return start.last(now.plus(lead), duration.plus(lead), zone)
                .filter(begin -> begin.plus(duration).isAfter(now))
                .isPresent();
    }
}
