package io.micado.examples.bench;

import io.micado.api.error.MicadoException;
import io.micado.simulation.LoadTrace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares the policies with the autoscalers of others on recorded loads. Run from the command line; a day of a load takes well
 * under a second for each policy.
 *
 * <pre>{@code
 * mvn -q -Dquick compile exec:java -Dexec.mainClass=io.micado.examples.bench.PolicyBench \
 *     -Dexec.args="--traces DIR --out FILE.csv --html FILE.html"
 * }</pre>
 *
 * <p>The traces are every {@code *.csv} and {@code *.csv.gz} of the directory, with columns {@code epoch_second,requests_per_second}; without one,
 * those that come along. Unless told otherwise an instance serves a fiftieth of a trace's peak ({@code --capacity}); a replica takes 5 s
 * ({@code --lead-replica}) and a worker 120 s ({@code --lead-worker}) to arrive; decisions are made every 15 s ({@code --interval}), by the average of
 * the time since the one before, which is seen at once ({@code --lag}); and the product's own policies aim at 70 % ({@code --target}).
 *
 * <p>{@code --figures} tells which figures are reached, {@code --queue} adds waiting times of single requests, {@code --faults} lets half
 * of the instances fail, {@code --copies} tries the policies that matter most on changed copies of the traces too (other starts and
 * paces, other bursts, noise, sums; only in the CSV and in a table of their own), and {@code --repair} repairs
 * traces that are not in order instead of refusing them.
 */
public final class PolicyBench {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int UNUSABLE = 2;

    private PolicyBench() {}

    /** Runs the bench. */
    public static void main(String[] arguments) {
        int code = run(System.out, System.err, arguments);
        if (code != OK) {
            System.exit(code);
        }
    }

    /** {@return the exit code: 0 when all was run and all figures that were asked for are reached} */
    static int run(PrintStream out, PrintStream problems, String... arguments) {
        try {
            return run(BenchOptions.parse(arguments), out);
        } catch (IllegalArgumentException e) {
            problems.println(e.getMessage());
            problems.println(BenchOptions.USAGE);
            return UNUSABLE;
        } catch (MicadoException e) {
            problems.println(e.getMessage());
            return UNUSABLE;
        } catch (IOException e) {
            problems.println("cannot read or write: " + e.getMessage());
            return UNUSABLE;
        }
    }

    private static int run(BenchOptions options, PrintStream out) throws IOException {
        Map<String, LoadTrace> traces = options.traces().isPresent()
                ? BenchTraces.of(options.traces().get(), options.repair())
                : BenchTraces.shipped();
        BenchRuns runs = new BenchRuns(options);
        List<BenchRow> rows = new ArrayList<>();
        List<Figures.Figure> figures = new ArrayList<>();
        for (Map.Entry<String, LoadTrace> trace : traces.entrySet()) {
            trace.getValue().repairs().forEach(repair -> out.println(trace.getKey() + ": " + repair));
            List<BenchRow> ofTrace = runs.run(trace.getKey(), trace.getValue());
            BenchTable.text(ofTrace).forEach(out::println);
            rows.addAll(ofTrace);
            if (options.figures()) {
                figures.addAll(Figures.of(ofTrace));
                runs.equalCosts(ofTrace).forEach(cost -> figures.add(cost.figure()));
            }
        }
        if (options.html().isPresent()) {
            write(options.html().get(), BenchPage.of(rows));
        }
        List<BenchRow> copies = options.copies() ? runs.runCopies(traces) : List.of();
        rows.addAll(copies);
        if (options.out().isPresent()) {
            write(options.out().get(), BenchTable.csv(rows));
        }
        CopyTable.text(copies).forEach(out::println);
        if (!options.figures()) {
            return OK;
        }
        out.println();
        figures.forEach(figure -> out.println(figure.line()));
        return figures.stream().allMatch(Figures.Figure::reached) ? OK : FAILED;
    }

    private static void write(Path file, String text) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }
}
