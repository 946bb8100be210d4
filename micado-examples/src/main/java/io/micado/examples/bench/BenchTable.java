package io.micado.examples.bench;

import io.micado.simulation.fluid.TrialResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The scores of the bench as text and as CSV. Not instantiable. */
final class BenchTable {
    private static final List<Column> COLUMNS = List.of(
            new Column("under_time_share", row -> number(row.result().underTimeShare(), 6)),
            new Column("unserved_share", row -> number(row.result().unservedShare(), 8)),
            new Column("instance_hours_vs_oracle", row -> number(row.hoursVsOracle(), 4)),
            new Column("actions_per_day", row -> number(row.result().actionsPerDay(), 2)),
            new Column("instance_hours", row -> number(row.result().instanceHours(), 2)),
            new Column("billed_hours", row -> number(row.result().billedHours(), 0)),
            new Column("billed_hours_vs_oracle", row -> number(row.billedVsOracle(), 4)),
            new Column("theta_under", row -> number(row.result().underAccuracy(), 6)),
            new Column("theta_over", row -> number(row.result().overAccuracy(), 6)),
            new Column("tau_under", row -> number(row.result().underTimeShare(), 6)),
            new Column("tau_over", row -> number(row.result().overTimeShare(), 6)),
            new Column("reversals", row -> Integer.toString(row.result().reversals())),
            new Column("tasks_moved", row -> Long.toString(row.result().moved())),
            new Column("peak_instances", row -> Integer.toString(row.result().peak())),
            new Column(
                    "waiting_p95_seconds",
                    row -> row.waiting().map(w -> number(w.p95(), 3)).orElse("")),
            new Column(
                    "waiting_p99_seconds",
                    row -> row.waiting().map(w -> number(w.p99(), 3)).orElse("")),
            new Column(
                    "recovery_seconds",
                    row -> row.recovery().map(BenchTable::seconds).orElse("")));

    private BenchTable() {}

    private record Column(String name, Function<BenchRow, String> value) {}

    /** {@return the table as CSV, with a header} */
    static String csv(List<BenchRow> rows) {
        StringBuilder csv = new StringBuilder("trace,policy,level");
        COLUMNS.forEach(column -> csv.append(',').append(column.name()));
        csv.append('\n');
        for (BenchRow row : rows) {
            csv.append(quoted(row.trace()))
                    .append(',')
                    .append(row.policy())
                    .append(',')
                    .append(row.level());
            COLUMNS.forEach(column -> csv.append(',').append(column.value().apply(row)));
            csv.append('\n');
        }
        return csv.toString();
    }

    /** {@return the most telling scores as text, a block for each trace and level} */
    static List<String> text(List<BenchRow> rows) {
        List<String> lines = new ArrayList<>();
        String group = "";
        for (BenchRow row : rows) {
            if (!row.group().equals(group)) {
                group = row.group();
                lines.add("");
                lines.add(String.format(
                        Locale.ROOT,
                        "%-42s %9s %9s %9s %9s %8s",
                        group,
                        "under",
                        "unserved",
                        "hours",
                        "billed",
                        "actions"));
                lines.add(String.format(
                        Locale.ROOT,
                        "%-42s %9s %9s %9s %9s %8s",
                        "",
                        "% time",
                        "%",
                        "vs oracle",
                        "vs oracle",
                        "per day"));
            }
            TrialResult result = row.result();
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-40s %9.3f %9.4f %9.3f %9.3f %8.1f%s",
                    row.policy(),
                    100 * result.underTimeShare(),
                    100 * result.unservedShare(),
                    row.hoursVsOracle(),
                    row.billedVsOracle(),
                    result.actionsPerDay(),
                    row.waiting()
                            .map(w -> String.format(Locale.ROOT, "  waiting p95 %.2f s, p99 %.2f s", w.p95(), w.p99()))
                            .orElse("")));
        }
        return lines;
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String seconds(Duration duration) {
        return number(duration.toMillis() / 1_000.0, 1);
    }

    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
