package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyBenchTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream problems = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return PolicyBench.run(print(out), print(problems), arguments);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static void trace(Path directory, String name) throws IOException {
        trace(directory, name, 180);
    }

    private static void trace(Path directory, String name, int minutes) throws IOException {
        StringBuilder csv = new StringBuilder("epoch_second,requests_per_second\n");
        for (int minute = 0; minute < minutes; minute++) {
            csv.append(60 * minute)
                    .append(',')
                    .append(50 + 40 * Math.sin(minute / 20.0))
                    .append('\n');
        }
        Files.writeString(directory.resolve(name), csv);
    }

    @Test
    void writesTheSameTableEachTime(@TempDir Path directory) throws IOException {
        trace(directory, "waves.csv");
        Path csv = directory.resolve("out/table.csv");
        Path again = directory.resolve("out/again.csv");
        Path html = directory.resolve("out/page.html");

        assertThat(run(
                        "--traces",
                        directory.toString(),
                        "--out",
                        csv.toString(),
                        "--html",
                        html.toString(),
                        "--queue",
                        "--faults"))
                .isZero();
        assertThat(run("--traces", directory.toString(), "--out", again.toString(), "--queue", "--faults"))
                .isZero();

        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).isEqualTo(Files.readAllLines(again));
        assertThat(lines.get(0))
                .startsWith(
                        "trace,policy,level,under_time_share,unserved_share,instance_hours_vs_oracle,actions_per_day,");
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("waves,predictive,worker,"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("waves,hpa-70,service,"));
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).startsWith("waves,oracle,worker,0.000000,0.00000000,1.0000,"));
        assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(20));
        assertThat(Files.readString(html))
                .contains("waves, worker")
                .contains("<polyline")
                .contains("<th>recovery<br>s</th>", "<th>waiting<br>p95, s</th>", "<th>over<br>% of time</th>")
                .contains("<th>billed<br>hours</th>")
                .doesNotContain("{{");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("micado-0.3")
                .containsPattern("unserved.* theta U .* theta O .* over .* tasks .* waiting .* waiting +recovery\n")
                .containsPattern("% of time +% .* moved +p95, s +p99, s +s\n")
                .containsPattern("predictive +([0-9.]+ +){12}");
    }

    @Test
    void whatWasNotAskedForHasNoColumn(@TempDir Path directory) throws IOException {
        trace(directory, "waves.csv");

        run("--traces", directory.toString());

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("theta U")
                .doesNotContain("waiting")
                .doesNotContain("recovery");
    }

    @Test
    void refusesABrokenTraceWithItsLineAndRepairsItWhenAskedTo(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("broken.csv"), "0,1\n60,NaN\n120,3\n");

        assertThat(run("--traces", directory.toString())).isEqualTo(2);
        assertThat(problems.toString(StandardCharsets.UTF_8)).contains("broken.csv:2:1");
        assertThat(run("--traces", directory.toString(), "--repair")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("line 2 left out");
    }

    @Test
    void triesPoliciesInTheUsersOwnWorld(@TempDir Path directory) throws IOException {
        trace(directory, "waves.csv");
        Path csv = directory.resolve("out/table.csv");

        assertThat(run(("--traces " + directory + " --out " + csv
                                + " --lead-worker 5m --lead-replica 1s --interval 10s --lag 30s --capacity 10 --target 62.5 --queue")
                        .split(" ")))
                .isZero();

        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).anyMatch(line -> line.startsWith("waves,target-tracking-62.5,worker,"));
        // Three hours of 58.5 requests a second on average, by 10 each: 17.5 instance-hours, and what rounding up adds.
        int hours = List.of(lines.get(0).split(",")).indexOf("instance_hours");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("waves,oracle,service,"))
                .singleElement()
                .satisfies(line ->
                        assertThat(Double.parseDouble(line.split(",")[hours])).isBetween(17.5, 20.0));
    }

    @Test
    void refusesAWorldThatCannotBe(@TempDir Path directory) throws IOException {
        trace(directory, "waves.csv");
        List.of("--capacity 0", "--interval 500ms", "--lead-worker soon", "--lag -1s", "--target 101", "--target")
                .forEach(wrong -> assertThat(run(("--traces " + directory + " " + wrong).split(" ")))
                        .as(wrong)
                        .isEqualTo(2));
        assertThat(problems.toString(StandardCharsets.UTF_8))
                .contains("--capacity must be above 0", "interval must be whole seconds above 0", "--lead-worker")
                .contains("--target must be above 0 and at most 100 percent, got 101", "--target needs a value");
    }

    @Test
    void refusesTwoFilesOfOneTrace(@TempDir Path directory) throws IOException {
        trace(directory, "waves.csv");
        Files.createFile(directory.resolve("waves.csv.gz"));

        assertThat(run("--traces", directory.toString())).isEqualTo(2);
        assertThat(problems.toString(StandardCharsets.UTF_8))
                .contains("waves.csv and waves.csv.gz would be one trace: there must be only one of them");
    }

    @Test
    void tellsWhichFileIsBroken(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("waves.csv.gz"), "0,1\n");

        assertThat(run("--traces", directory.toString())).isEqualTo(2);
        assertThat(problems.toString(StandardCharsets.UTF_8)).contains("waves.csv.gz is no gzip file, or a broken one");
    }

    @Test
    void refusesWhatItDoesNotUnderstand(@TempDir Path directory) {
        assertThat(run("--trace")).isEqualTo(2);
        assertThat(run("--out")).isEqualTo(2);
        assertThat(run("--traces", directory.toString())).isEqualTo(2);
        assertThat(run("--traces", directory.resolve("absent").toString())).isEqualTo(2);
        assertThat(problems.toString(StandardCharsets.UTF_8))
                .contains("--traces DIR")
                .contains("no *.csv");
    }

    @Test
    void tellsWhichFiguresAreReached(@TempDir Path directory) throws IOException {
        trace(directory, "waves.csv");

        run("--traces", directory.toString(), "--figures");

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("(reached|missed) +waves, worker: unserved share against hpa-70")
                .containsPattern(
                        "(reached|missed) +waves, service: unserved share against hpa-[0-9.]+ of the same cost");
    }

    @Test
    void triesThePoliciesThatMatterOnChangedCopies(@TempDir Path directory) throws IOException {
        trace(directory, "waves.csv", 1_440);
        Path csv = directory.resolve("out/table.csv");

        assertThat(run("--traces", directory.toString(), "--copies", "--out", csv.toString()))
                .isZero();

        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.stream().filter(line -> line.startsWith("waves backwards,")))
                .hasSize(10)
                .anyMatch(line -> line.startsWith("waves backwards,oracle,worker,"))
                .anyMatch(line -> line.startsWith("waves backwards,micado-0.3,service,"))
                .anyMatch(line -> line.startsWith("waves backwards,target-tracking-70,service,"));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("worker, copies")
                .containsPattern("waves bursts-1.5 +[0-9.]+ +[0-9.]+ +([0-9.]+|-) +[0-9.]+ +[0-9.]+\n")
                .containsPattern("service, copies")
                .containsPattern("at most half of it on \\d+, at most as much on \\d+; for no more hours on \\d+ of 8");
    }
}
