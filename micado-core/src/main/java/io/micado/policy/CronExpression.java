package io.micado.policy;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The five fields of a crontab line: minute, hour, day of the month, month, day of the week. Read by {@link ScheduleEntry}.
 * Immutable.
 *
 * <p>Each is {@code *}, a number, a name ({@code MON}, {@code jan}), a range {@code 1-5}, any of these with a step
 * {@code *}{@code /15}, or a list of them {@code 0,30}; 0 and 7 are Sunday. As in Vixie cron a day matches when either of the two
 * fields of days does, unless one of them is {@code *}: then the other decides.
 */
final class CronExpression {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean everyDayOfMonth;
    private final boolean everyDayOfWeek;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        minutes = field("minute", fields[0], 0, 59, List.of());
        hours = field("hour", fields[1], 0, 23, List.of());
        daysOfMonth = field("day of the month", fields[2], 1, 31, List.of());
        months = field("month", fields[3], 1, 12, MONTHS);
        daysOfWeek = field("day of the week", fields[4], 0, 7, DAYS);
        if (daysOfWeek.get(7)) {
            daysOfWeek.set(0);
        }
        everyDayOfMonth = fields[2].startsWith("*");
        everyDayOfWeek = fields[4].startsWith("*");
    }

    /**
     * {@return the expression}
     *
     * @throws IllegalArgumentException says which field is wrong and what is allowed there
     */
    static CronExpression parse(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "must have 5 fields (minute, hour, day of the month, month, day of the week),"
                            + " such as 0 8 * * MON-FRI, got \"" + text + "\"");
        }
        return new CronExpression(text.strip(), fields);
    }

    /** {@return the latest match at or before this minute and not on an earlier day than the other date} */
    Optional<LocalDateTime> lastMatch(LocalDateTime atOrBefore, LocalDate earliest) {
        for (LocalDate day = atOrBefore.toLocalDate(); !day.isBefore(earliest); day = day.minusDays(1)) {
            if (matches(day)) {
                LocalTime latest =
                        day.equals(atOrBefore.toLocalDate()) ? atOrBefore.toLocalTime() : LocalTime.of(23, 59);
                Optional<LocalTime> time = lastTime(latest);
                if (time.isPresent()) {
                    return Optional.of(day.atTime(time.get()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<LocalTime> lastTime(LocalTime atOrBefore) {
        int hour = hours.previousSetBit(atOrBefore.getHour());
        int minute =
                hour == atOrBefore.getHour() ? minutes.previousSetBit(atOrBefore.getMinute()) : minutes.length() - 1;
        if (hour >= 0 && minute < 0) {
            // No minute is left in this hour: the last one of an earlier hour.
            hour = hour == 0 ? -1 : hours.previousSetBit(hour - 1);
            minute = minutes.length() - 1;
        }
        return hour < 0 ? Optional.empty() : Optional.of(LocalTime.of(hour, minute));
    }

    private boolean matches(LocalDate day) {
        boolean ofMonth = daysOfMonth.get(day.getDayOfMonth());
        boolean ofWeek = daysOfWeek.get(day.getDayOfWeek().getValue() % 7);
        boolean oneDecides = everyDayOfMonth || everyDayOfWeek;
        boolean dayMatches = oneDecides ? (ofMonth && ofWeek) : (ofMonth || ofWeek);
        return dayMatches && months.get(day.getMonthValue());
    }

    private static BitSet field(String name, String text, int least, int most, List<String> names) {
        BitSet set = new BitSet(most + 1);
        for (String part : text.split(",", -1)) {
            String[] andStep = part.split("/", -1);
            String[] range = andStep[0].split("-", -1);
            boolean all = andStep[0].equals("*");
            int from = all ? least : number(name, text, range[0], least, most, names);
            // A single number with a step means from there on.
            int open = andStep.length == 2 ? most : from;
            int to = all ? most : range.length == 2 ? number(name, text, range[1], least, most, names) : open;
            int step = andStep.length == 2 ? number(name, text, andStep[1], 1, most, List.of()) : 1;
            if (andStep.length > 2 || range.length > 2 || from > to) {
                throw wrong(name, text, least, most);
            }
            for (int value = from; value <= to; value += step) {
                set.set(value);
            }
        }
        return set;
    }

    private static int number(String field, String text, String part, int least, int most, List<String> names) {
        int named = names.indexOf(part.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return named + (names.equals(MONTHS) ? 1 : 0);
        }
        try {
            int value = Integer.parseInt(part);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(field, text, least, most);
    }

    private static IllegalArgumentException wrong(String field, String text, int least, int most) {
        return new IllegalArgumentException("its " + field + " must be made of numbers from " + least + " to " + most
                + " as in *, 5, 1-5, */2 or 1,3, got \"" + text + "\"");
    }

    @Override
    public String toString() {
        return text;
    }
}
