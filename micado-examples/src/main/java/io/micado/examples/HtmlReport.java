package io.micado.examples;

import static io.micado.examples.Html.escape;

import io.micado.api.scaling.Decision;
import io.micado.simulation.ScenarioResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Turns a {@link ScenarioResult} into one HTML page that needs nothing else: charts of the load, the replicas and the workers with
 * each decision on them, and a table of the decisions with the whole way to each. Stateless.
 *
 * <pre>{@code
 * HtmlReport.write(scenario.result(), "Black Friday on spot machines", "The load of last year, twice.", Path.of("report.html"));
 * }</pre>
 */
public final class HtmlReport {
    private static final String RESOURCES = "report/";

    private HtmlReport() {}

    /**
     * Writes the page, in place of what the file had.
     *
     * @param title what it is about
     * @param subtitle what the reader has to know; may be empty
     * @throws IOException when the file cannot be written
     */
    public static void write(ScenarioResult result, String title, String subtitle, Path file) throws IOException {
        Files.writeString(file, page(result, title, subtitle));
    }

    /** {@return the page} */
    static String page(ScenarioResult result, String title, String subtitle) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("title", escape(title));
        parts.put("subtitle", escape(subtitle));
        parts.put("tiles", tiles(result));
        parts.put("rows", rows(result));
        parts.put("count", Integer.toString(result.decisions().size()));
        parts.put("seed", Long.toString(result.seed()));
        parts.put("data", Json.of(ReportData.of(result)));
        parts.put("style", resource("report.css"));
        parts.put("script", resource("report.js"));
        return Html.fill(resource("report.html"), parts);
    }

    // ---- what it comes to

    private static String tiles(ScenarioResult result) {
        Outcome outcome = Outcome.of(result);
        double unserved = outcome.work().unservedShare();
        return tile(
                        "Requests not served",
                        DecisionWords.percent(unserved),
                        "of " + DecisionWords.amount(outcome.work().offered()) + " asked for")
                + tile("Replicas", range(outcome.fewestReplicas(), outcome.mostReplicas()), "running at a time")
                + tile("Workers", range(outcome.fewestWorkers(), outcome.mostWorkers()), "machines at a time")
                + tile(
                        "Worker hours",
                        DecisionWords.amount(outcome.workerHours()),
                        "a fixed fleet for the peak: " + DecisionWords.amount(outcome.fixedFleetHours()))
                + tile("Saved", DecisionWords.percent(outcome.saved()), "of the worker hours of a fixed fleet")
                + tile(
                        "Decisions",
                        Integer.toString(result.decisions().size()),
                        "▲ " + outcome.scaledOut() + " out, ▼ " + outcome.scaledIn() + " in");
    }

    private static String tile(String label, String value, String note) {
        return "<div class=\"tile\"><dt>" + escape(label) + "</dt><dd><b>" + escape(value) + "</b><small>"
                + escape(note) + "</small></dd></div>\n";
    }

    private static String range(int fewest, int most) {
        return fewest == most ? Integer.toString(most) : fewest + "–" + most;
    }

    // ---- the table

    private static String rows(ScenarioResult result) {
        Instant start = ReportData.startOf(result);
        List<Decision> decisions = result.decisions();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < decisions.size(); i++) {
            rows.append(row(i, decisions.get(i), start, result.duration()));
        }
        return rows.toString();
    }

    private static String row(int index, Decision decision, Instant start, Duration whole) {
        boolean out = decision.to() > decision.from();
        return "<tr data-decision=\"" + index + "\"><td data-label=\"Time\" class=\"time\">"
                + DecisionWords.clock(Duration.between(start, decision.at()), whole)
                + "</td><td data-label=\"Target\" class=\"target\">"
                + escape(decision.target().level().name().toLowerCase(Locale.ROOT) + " "
                        + decision.target().name())
                + "</td><td data-label=\"Change\" class=\"change\"><span aria-hidden=\"true\">" + (out ? "▲" : "▼")
                + "</span> " + decision.from() + " → " + decision.to() + " "
                + decision.target().unit()
                + "</td><td data-label=\"Bound by\">" + escape(DecisionWords.boundBy(decision))
                + "</td><td data-label=\"Why\">" + escape(DecisionWords.reason(decision)) + details(decision)
                + "</td></tr>\n";
    }

    private static String details(Decision decision) {
        String inputs = decision.inputs().entrySet().stream()
                .map(input -> "<div><dt>" + escape(input.getKey()) + "</dt><dd>"
                        + DecisionWords.number(Objects.requireNonNull(input.getValue())) + "</dd></div>")
                .collect(Collectors.joining());
        String steps = decision.steps().stream()
                .map(step -> "<li><b>" + escape(DecisionWords.rule(step.rule())) + "</b> " + step.before() + " → "
                        + step.after() + ": " + escape(step.note()) + "</li>")
                .collect(Collectors.joining());
        if (inputs.isEmpty() && steps.isEmpty()) {
            return "";
        }
        return "<details><summary>inputs and steps of <i>" + escape(decision.policy()) + "</i></summary>"
                + (inputs.isEmpty() ? "" : "<dl class=\"inputs\">" + inputs + "</dl>")
                + (steps.isEmpty() ? "" : "<ol>" + steps + "</ol>")
                + "</details>";
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(RESOURCES + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + name + " cannot be read", e);
        }
    }
}
