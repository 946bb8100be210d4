package io.micado.examples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The scores of the bench as text and as CSV. Not instantiable. */
final class BenchTable {
    private BenchTable() {}

    /** {@return the table as CSV, with a header} */
    static String csv(List<BenchRow> rows) {
        StringBuilder csv = new StringBuilder("trace,policy,level");
        Score.ALL.forEach(score -> csv.append(',').append(score.column()));
        csv.append('\n');
        for (BenchRow row : rows) {
            csv.append(quoted(row.trace()))
                    .append(',')
                    .append(row.policy())
                    .append(',')
                    .append(row.level());
            Score.ALL.forEach(score -> csv.append(',').append(score.exact(row)));
            csv.append('\n');
        }
        return csv.toString();
    }

    /** {@return the scores as text, a block for each trace and level} */
    static List<String> text(List<BenchRow> rows) {
        List<Score> scores = Score.shown(rows);
        List<String> lines = new ArrayList<>();
        String group = "";
        for (BenchRow row : rows) {
            if (!row.group().equals(group)) {
                group = row.group();
                lines.add("");
                lines.add(group);
                lines.add(
                        line("", scores, score -> score.heading().orElseThrow().title()));
                lines.add(
                        line("", scores, score -> score.heading().orElseThrow().unit()));
            }
            lines.add(line(row.policy(), scores, score -> score.shown(row)));
        }
        return lines;
    }

    private static String line(String name, List<Score> scores, Function<Score, String> cell) {
        return scores.stream()
                .map(score -> String.format(Locale.ROOT, " %9s", cell.apply(score)))
                .collect(Collectors.joining("", String.format(Locale.ROOT, "  %-22s", name), ""));
    }

    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
