package io.micado.examples;

import io.micado.api.scaling.Decision;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.policy.TargetTracking;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.Scenario;
import io.micado.simulation.ScenarioResult;
import io.micado.simulation.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Lets MiCADO scale a service and its workers through one day of a real load, on a simulated cloud and in virtual time: it needs a JDK
 * and nothing else, and takes seconds. Tells what came of it, and writes a page with charts and every decision.
 *
 * <pre>{@code
 * mvn -q compile exec:java -Dexec.mainClass=io.micado.examples.Quickstart
 * }</pre>
 */
public final class Quickstart {
    private static final String USAGE = "usage: Quickstart [REPORT.html]";
    private static final String TITLE = "One day, two levels";
    private static final String ABOUT =
            "A service and its workers under one day of a real load: the database queries of one "
                    + "application in production at Microsoft, 26 April 2018, at a tenth of their number. MiCADO decides on the "
                    + "replicas and on the machines that carry them.";
    private static final String TRACE = "traces/database-queries-2018-04-26.csv";

    static final String SERVICE = "queries";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration START = Duration.ofMinutes(10);
    private static final int TOLD = 3;

    private Quickstart() {}

    /** Runs it; an argument names the page to write. */
    public static void main(String[] arguments) {
        System.exit(Program.run(arguments, USAGE, 1, Quickstart::run));
    }

    static int run(List<String> arguments, Terminal terminal) throws IOException {
        Path report = arguments.isEmpty() ? reportByDefault() : Path.of(arguments.get(0));
        ScenarioResult result;
        try (Scenario scenario =
                day().onSample(new QuickstartProgress(terminal, DAY)::show).build()) {
            result = scenario.run(DAY).result();
        }
        summarise(result, terminal);
        HtmlReport.write(result, TITLE, ABOUT, report);
        terminal.line("");
        terminal.line("Report: " + report.toAbsolutePath().normalize());
        return Program.OK;
    }

    /** The infrastructure and its load: all that is needed to run the same on your own numbers. */
    static Scenario.Builder day() throws IOException {
        ServiceSpec service = ServiceSpec.builder(SERVICE)
                .image("queries")
                // What a replica may use it also reserves. So the Swarm says when its workers are full, and MiCADO adds
                // some.
                .limit(Resources.ofMebibytes(1, 1024))
                .replicas(2, 80)
                .initialReplicas(28)
                .policy(TargetTracking.cpu(0.6))
                .build();
        return Scenario.builder()
                .seed(2018)
                // As often as Prometheus is usually read; twice as often changes little here, and takes twice as long.
                .metricInterval(INTERVAL)
                .micado(micado -> micado.passInterval(INTERVAL))
                .workers(1, 20, "medium")
                .cloud(cloud -> cloud.bootTime(RandomDuration.lognormal(Duration.ofSeconds(90), 0.3)))
                .service(service, load().scaledBy(0.1), 0.03);
    }

    private static Workload load() throws IOException {
        try (InputStream in = Objects.requireNonNull(Quickstart.class.getResourceAsStream(TRACE), TRACE);
                Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return Workload.csv(TRACE, text);
        }
    }

    private static void summarise(ScenarioResult result, Terminal terminal) {
        Outcome outcome = Outcome.of(result);
        double unserved = outcome.work().unservedShare();
        terminal.line("One day of a real load on a simulated cloud:");
        terminal.line("  requests      " + DecisionWords.amount(outcome.work().offered()) + ", of which "
                + DecisionWords.percent(unserved) + " were not served ("
                + DecisionWords.percent(Outcome.unservedWithin(result, START)) + " of those in the first "
                + START.toMinutes() + " minutes, while the first workers booted)");
        terminal.line("  replicas      " + outcome.fewestReplicas() + " to " + outcome.mostReplicas() + " at a time");
        terminal.line("  workers       " + outcome.fewestWorkers() + " to " + outcome.mostWorkers() + " at a time");
        terminal.line(
                "  worker hours  " + DecisionWords.amount(outcome.workerHours()) + "; a fixed fleet for the peak takes "
                        + DecisionWords.amount(outcome.fixedFleetHours()) + ", so "
                        + DecisionWords.percent(outcome.saved()) + " are saved");
        terminal.line("  decisions     " + result.decisions().size() + ": " + outcome.scaledOut() + " for more, "
                + outcome.scaledIn() + " for fewer");
        terminal.line("");
        terminal.line("The most telling ones, and why:");
        for (Decision decision : Outcome.telling(result.decisions(), TOLD)) {
            Duration since = Duration.between(ReportData.startOf(result), decision.at());
            terminal.line("  " + DecisionWords.clock(since, DAY) + "  " + DecisionWords.change(decision));
            terminal.line("            " + DecisionWords.reason(decision));
        }
    }

    private static Path reportByDefault() {
        for (String built : List.of("micado-examples/target", "target")) {
            if (Files.isDirectory(Path.of(built))) {
                return Path.of(built, "micado-quickstart.html");
            }
        }
        return Path.of("micado-quickstart.html");
    }
}
