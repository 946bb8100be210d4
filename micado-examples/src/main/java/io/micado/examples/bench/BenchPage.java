package io.micado.examples.bench;

import static io.micado.examples.Html.escape;

import io.micado.examples.Html;
import io.micado.policy.Predictive;
import io.micado.simulation.fluid.TrialResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The scores of the bench as one HTML page that needs nothing else: for each trace and level a chart of what each policy costs and
 * leaves unserved, a chart of the last two days, and a table. Not instantiable.
 */
final class BenchPage {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 300;
    private static final int LEFT = 62;
    private static final int BOTTOM = 36;
    private static final int TOP = 12;
    private static final int RIGHT = 96;
    private static final int LEAST_GAP = 8;
    private static final double LEAST = 1e-6;
    /** As multiples of the oracle's: who has more stands at the right end, and who has less makes room at the left one. */
    private static final double MOST_HOURS = 3.2;

    private static final double LEAST_HOURS = 0.9;
    private static final double DAYS_SHOWN = 2 * 86_400.0;
    private static final int POINTS = 700;

    private BenchPage() {}

    /** {@return the page} */
    static String of(List<BenchRow> rows) {
        Map<String, List<BenchRow>> groups = new LinkedHashMap<>();
        rows.forEach(row ->
                groups.computeIfAbsent(row.group(), group -> new ArrayList<>()).add(row));
        StringBuilder sections = new StringBuilder();
        groups.forEach((group, ofGroup) -> sections.append(section(group, ofGroup)));
        return Html.fill(template(), Map.of("sections", sections.toString()));
    }

    private static String section(String group, List<BenchRow> rows) {
        return "<section><h2>" + escape(group) + "</h2>\n<div class=\"charts\">" + scatter(rows) + days(rows)
                + "</div>\n" + table(rows) + "</section>\n";
    }

    // ---- cost and what is left unserved

    private static String scatter(List<BenchRow> rows) {
        StringBuilder svg = new StringBuilder(open("Instance-hours and unserved share of each policy"));
        for (int power = -6; power <= 0; power++) {
            double y = unservedY(Math.pow(10, power));
            svg.append(line(LEFT, y, WIDTH - RIGHT, y, "grid"));
            svg.append(text(LEFT - 6, y + 4, "end", power == -6 ? "0" : percent(Math.pow(10, power))));
        }
        double least = leastHours(rows);
        for (double hours = Math.ceil(2 * least) / 2; hours <= 3; hours += 0.5) {
            svg.append(text(
                    hoursX(hours, least), HEIGHT - BOTTOM + 16, "middle", String.format(Locale.ROOT, "%.1f", hours)));
        }
        svg.append(text(
                (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "middle", "instance-hours, as a multiple of the oracle's"));
        LabelPlaces labels = new LabelPlaces(LEFT, WIDTH, HEIGHT - BOTTOM + LEAST_GAP);
        for (BenchRow row : rows) {
            labels.keep(
                    hoursX(row.hoursVsOracle(), least), unservedY(row.result().unservedShare()));
        }
        List<BenchRow> ownFirst = new ArrayList<>(rows);
        ownFirst.sort(Comparator.comparing(row -> !isOwn(row)));
        for (BenchRow row : ownFirst) {
            double x = hoursX(row.hoursVsOracle(), least);
            double y = unservedY(row.result().unservedShare());
            boolean own = isOwn(row);
            LabelPlaces.Place label = labels.near(x, y, row.policy());
            if (label.middle() != y) {
                svg.append(line(x, y, label.left() > x ? label.left() - 1 : label.right() + 1, label.middle(), "grid"));
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"><title>%s: %.3f of the oracle's hours, %s unserved</title></circle>",
                    own ? "own" : "other",
                    x,
                    y,
                    own ? 6 : 4,
                    escape(row.policy()),
                    row.hoursVsOracle(),
                    percent(row.result().unservedShare())));
            svg.append(text(label.left(), label.middle() + 4, "start", escape(row.policy())));
        }
        return svg.append("</svg>").toString();
    }

    private static boolean isOwn(BenchRow row) {
        return row.policy().startsWith(Predictive.TYPE);
    }

    private static double leastHours(List<BenchRow> rows) {
        return rows.stream()
                .mapToDouble(row -> Math.floor(10 * row.hoursVsOracle()) / 10)
                .reduce(LEAST_HOURS, Math::min);
    }

    private static double hoursX(double hours, double least) {
        double share = (Math.min(hours, MOST_HOURS) - least) / (MOST_HOURS - least);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double unservedY(double share) {
        double exponent = Math.log10(Math.max(share, LEAST)) / Math.log10(LEAST);
        return TOP + exponent * (HEIGHT - TOP - BOTTOM);
    }

    // ---- the last days

    private static String days(List<BenchRow> rows) {
        BenchRow any = rows.get(0);
        double end = any.load().lengthSeconds();
        double start = Math.max(0, end - DAYS_SHOWN);
        double capacity = any.capacity();
        double most = 1;
        for (BenchRow row : rows) {
            if (isShown(row)) {
                most = Math.max(most, row.result().peak());
            }
        }
        StringBuilder svg = new StringBuilder(open("Load and serving instances of the last two days"));
        for (int i = 0; i <= 4; i++) {
            double count = most * i / 4;
            double y = countY(count, most);
            svg.append(line(LEFT, y, WIDTH - RIGHT, y, "grid"));
            svg.append(text(LEFT - 6, y + 4, "end", String.format(Locale.ROOT, "%.0f", count)));
        }
        StringBuilder load = new StringBuilder();
        for (int i = 0; i <= POINTS; i++) {
            double second = start + (end - start) * i / POINTS;
            load.append(point(second, start, end, any.load().at(second) / capacity, most));
        }
        svg.append("<polyline class=\"load\" points=\"").append(load).append("\"/>");
        int legend = 0;
        svg.append(text(WIDTH - RIGHT + 8, TOP + 12, "start", "load"));
        for (BenchRow row : rows) {
            if (isShown(row)) {
                legend++;
                svg.append("<polyline class=\"line")
                        .append(legend)
                        .append("\" points=\"")
                        .append(steps(row.result().samples(), start, end, most))
                        .append("\"/>");
                svg.append(String.format(
                        Locale.ROOT,
                        "<text class=\"key%d\" x=\"%d\" y=\"%d\">%s</text>",
                        legend,
                        WIDTH - RIGHT + 8,
                        TOP + 12 + 18 * legend,
                        escape(row.policy())));
            }
        }
        return svg.append("</svg>").toString();
    }

    private static boolean isShown(BenchRow row) {
        return row.policy().equals(Predictive.TYPE)
                || row.policy().equals("hpa-70")
                || row.policy().equals("micado-0.3");
    }

    private static String steps(List<TrialResult.Sample> samples, double start, double end, double most) {
        StringBuilder points = new StringBuilder();
        int step = Math.max(1, (int) (samples.size() * Math.min(1, DAYS_SHOWN / end) / POINTS));
        for (int i = 0; i < samples.size(); i += step) {
            TrialResult.Sample sample = samples.get(i);
            if (sample.second() >= start) {
                points.append(point(sample.second(), start, end, sample.ready(), most));
            }
        }
        return points.toString();
    }

    private static String point(double second, double start, double end, double count, double most) {
        double x = LEFT + (second - start) / (end - start) * (WIDTH - LEFT - RIGHT);
        return String.format(Locale.ROOT, "%.1f,%.1f ", x, countY(count, most));
    }

    private static double countY(double count, double most) {
        return HEIGHT - BOTTOM - count / most * (HEIGHT - TOP - BOTTOM);
    }

    // ---- the table

    private static String table(List<BenchRow> rows) {
        List<Score> scores = Score.shown(rows);
        StringBuilder table = new StringBuilder("<table><thead><tr><th>Policy</th>");
        for (Score score : scores) {
            Score.Heading heading = score.heading().orElseThrow();
            table.append("<th>")
                    .append(escape(heading.title()))
                    .append("<br>")
                    .append(escape(heading.unit()))
                    .append("</th>");
        }
        table.append("</tr></thead><tbody>\n");
        for (BenchRow row : rows) {
            table.append(isOwn(row) ? "<tr class=\"own\">" : "<tr>")
                    .append("<th scope=\"row\">")
                    .append(escape(row.policy()))
                    .append("</th>");
            scores.forEach(score -> table.append(cell(score.shown(row))));
            table.append("</tr>\n");
        }
        return table.append("</tbody></table>\n").toString();
    }

    private static String cell(String text) {
        return "<td>" + escape(text) + "</td>";
    }

    // ---- parts

    private static String open(String title) {
        return "<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\"" + escape(title) + "\">";
    }

    private static String line(double x1, double y1, double x2, double y2, String style) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                style,
                x1,
                y1,
                x2,
                y2);
    }

    private static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
    }

    private static String percent(double share) {
        double percent = 100 * share;
        return percent == 0 ? "0 %" : String.format(Locale.ROOT, percent < 1 ? "%.4f %%" : "%.1f %%", percent);
    }

    private static String template() {
        try (InputStream in = BenchPage.class.getResourceAsStream("/io/micado/examples/report/policy-bench.html")) {
            return new String(Objects.requireNonNull(in, "template").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the template cannot be read", e);
        }
    }
}
