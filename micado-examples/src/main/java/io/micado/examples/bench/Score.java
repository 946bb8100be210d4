package io.micado.examples.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One score of a policy, as it stands in a column of the bench's table. Immutable.
 *
 * @param column its name in a CSV file
 * @param digits how many decimals it has there
 * @param heading how people are told of it; empty when only a CSV file has it
 * @param value its value; NaN when there is none
 */
record Score(String column, int digits, Optional<Heading> heading, ToDoubleFunction<BenchRow> value) {
    private static final double PERCENT = 100;
    private static final double NONE = Double.NaN;

    /** All of them, in their order. */
    static final List<Score> ALL = List.of(
            share(
                    "under_time_share",
                    6,
                    "under",
                    "% of time",
                    3,
                    row -> row.result().underTimeShare()),
            share("unserved_share", 8, "unserved", "%", 4, row -> row.result().unservedShare()),
            number("instance_hours_vs_oracle", 4, "hours", "vs oracle", 3, BenchRow::hoursVsOracle),
            number(
                    "actions_per_day",
                    2,
                    "actions",
                    "a day",
                    1,
                    row -> row.result().actionsPerDay()),
            number("instance_hours", 2, "hours", "", 1, row -> row.result().instanceHours()),
            number("billed_hours", 0, "billed", "hours", 0, row -> row.result().billedHours()),
            number("billed_hours_vs_oracle", 4, "billed", "vs oracle", 3, BenchRow::billedVsOracle),
            share("theta_under", 6, "theta U", "%", 3, row -> row.result().underAccuracy()),
            share("theta_over", 6, "theta O", "%", 1, row -> row.result().overAccuracy()),
            silent("tau_under", 6, row -> row.result().underTimeShare()),
            share("tau_over", 6, "over", "% of time", 1, row -> row.result().overTimeShare()),
            silent("reversals", 0, row -> row.result().reversals()),
            number("tasks_moved", 0, "tasks", "moved", 0, row -> row.result().moved()),
            silent("peak_instances", 0, row -> row.result().peak()),
            number(
                    "waiting_p95_seconds",
                    3,
                    "waiting",
                    "p95, s",
                    2,
                    row -> row.waiting().map(RequestQueue.Waiting::p95).orElse(NONE)),
            number(
                    "waiting_p99_seconds",
                    3,
                    "waiting",
                    "p99, s",
                    2,
                    row -> row.waiting().map(RequestQueue.Waiting::p99).orElse(NONE)),
            number(
                    "recovery_seconds",
                    1,
                    "recovery",
                    "s",
                    1,
                    row -> row.recovery().map(Score::seconds).orElse(NONE)));

    /**
     * How people are told of a score. Immutable.
     *
     * @param title what it is
     * @param unit its unit, or what it is compared with
     * @param factor what it is multiplied with, such as 100 for percent
     * @param digits how many decimals are shown
     */
    record Heading(String title, String unit, double factor, int digits) {}

    /** {@return those that people are told of these rows: not of what was not asked for} */
    static List<Score> shown(List<BenchRow> rows) {
        return ALL.stream()
                .filter(score -> score.heading().isPresent())
                .filter(score -> rows.stream().anyMatch(score::isKnown))
                .toList();
    }

    /** {@return it in a CSV file, empty when there is none} */
    String exact(BenchRow row) {
        return isKnown(row) ? format(value.applyAsDouble(row), digits) : "";
    }

    /** {@return it for people} */
    String shown(BenchRow row) {
        return isKnown(row)
                ? heading.map(as -> format(as.factor() * value.applyAsDouble(row), as.digits()))
                        .orElse("")
                : "-";
    }

    private boolean isKnown(BenchRow row) {
        return !Double.isNaN(value.applyAsDouble(row));
    }

    private static Score share(
            String column, int digits, String title, String unit, int shown, ToDoubleFunction<BenchRow> value) {
        return new Score(column, digits, Optional.of(new Heading(title, unit, PERCENT, shown)), value);
    }

    private static Score number(
            String column, int digits, String title, String unit, int shown, ToDoubleFunction<BenchRow> value) {
        return new Score(column, digits, Optional.of(new Heading(title, unit, 1, shown)), value);
    }

    private static Score silent(String column, int digits, ToDoubleFunction<BenchRow> value) {
        return new Score(column, digits, Optional.empty(), value);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static String format(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
