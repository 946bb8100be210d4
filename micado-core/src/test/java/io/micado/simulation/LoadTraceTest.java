package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.error.ConfigurationException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTraceTest {
    private static LoadTrace strict(String text) throws IOException {
        return LoadTrace.read("load.csv", new StringReader(text));
    }

    private static LoadTrace repaired(String text) throws IOException {
        return LoadTrace.readRepaired("load.csv", new StringReader(text));
    }

    @Test
    void readsPlainAndCompressedFiles(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("load.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("epoch_second,requests_per_second\n0,10\n60,30\n".getBytes(StandardCharsets.UTF_8));
        }

        LoadTrace trace = LoadTrace.read(file);

        assertThat(trace.size()).isEqualTo(2);
        assertThat(trace.length()).isEqualTo(Duration.ofMinutes(2));
        assertThat(trace.mean()).isEqualTo(20);
        assertThat(trace.peak()).isEqualTo(30);
        assertThat(trace.total(30, 90)).isEqualTo(30 * 10 + 30 * 30);
        assertThat(trace.peak(0, 60)).isEqualTo(10);
        assertThat(trace.peak(0, 61)).isEqualTo(30);
        assertThat(trace.at(1e6)).isEqualTo(30);
    }

    @Test
    void putsWhatIsWrongInOrderWhenAskedTo() throws IOException {
        LoadTrace trace = repaired("0,1\n10,2\n30,4\n20,NaN\n40,x\n60,6\n50,5\n50,7\n-5;3\n");

        assertThat(trace.stepSeconds()).isEqualTo(10);
        assertThat(trace.size()).isEqualTo(7);
        assertThat(trace.rate(2)).isCloseTo(3, within(1e-9));
        assertThat(trace.rate(4)).isCloseTo(5.5, within(1e-9));
        assertThat(trace.rate(5)).isEqualTo(7);
        assertThat(String.join("\n", trace.repairs()))
                .contains("line 4 left out: the rate must be 0 or more, got NaN")
                .contains("line 5 left out: the rate must be a number, got \"x\"")
                .contains("line 7 put in its place")
                .contains("line 7 left out: line 8 has the same time")
                .contains("line 9 left out: must be epoch_second,requests_per_second")
                .contains("second 20 filled in: a gap between lines 2 and 3");
    }

    @Test
    void refusesWhatCannotBeRepaired() {
        assertThatThrownBy(() -> repaired("x,y"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("load.csv:1:1")
                .hasMessageContaining("the time must be a whole number of seconds, got \"x\"");
        assertThatThrownBy(() -> repaired("0,1\n1,1\n2,1\n99999999999,1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("load.csv:4:1")
                .hasMessageContaining("too large a gap");
    }

    @Test
    void whatIsInOrderIsNotRepaired() throws IOException {
        assertThat(repaired("0,1\n10,2\n20,3").repairs()).isEmpty();
    }

    @Test
    void understandsWhatOtherProgramsWrite() throws IOException {
        for (String text : List.of(
                "\uFEFFepoch_second,requests_per_second\n0,1\n60,2\n",
                "epoch_second, requests_per_second\r\n0, 1\r\n60, 2\r\n",
                "\"epoch_second\",\"requests_per_second\"\n\"0\",\"1\"\n\"60\",\"2\"\n",
                "\nEpoch_Second,Requests_Per_Second\n0.0,1\n6.0e1,2\n")) {
            LoadTrace trace = strict(text);

            assertThat(trace.stepSeconds()).as(text).isEqualTo(60);
            assertThat(trace.rate(1)).as(text).isEqualTo(2);
            assertThat(repaired(text).repairs()).as(text).isEmpty();
        }
    }

    @Test
    void refusesTimesThatAreNoSeconds() {
        refuses("1524700800000,1\n1524700860000,2\n", "load.csv:1:1", "from 0 to 99999999999 s", "milliseconds");
        refuses("9223372036854775807,1\n-9223372036854775808,2\n", "load.csv:1:1", "9223372036854775807");
        refuses("-60,1\n0,2\n", "load.csv:1:1", "got -60");
        refuses("0.5,1\n60,2\n", "load.csv:1:1", "a whole number of seconds, got \"0.5\"");
        refuses("0,1\n1e99,2\n", "load.csv:2:1", "a whole number of seconds");
        refuses("0,1\n604800,2\n", "load.csv:2:1", "at most 86400 s apart, got 604800");
    }

    @Test
    void oneLineIsNoTrace() {
        refuses("epoch_second,requests_per_second\n0,10\n", "load.csv:2:1", "at least two lines");
        refuses("", "load.csv:1:1", "at least two lines");
        assertThatThrownBy(() -> repaired("0,1\n0,2\n"))
                .hasMessageContaining("load.csv:2:1")
                .hasMessageContaining("at least two lines");
    }

    private static void refuses(String text, String... why) {
        assertThatThrownBy(() -> strict(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(why);
    }

    @Test
    void evenlySpacedLinesAreKeptAsTheyAreWhereverTheFirstOneIs() throws IOException {
        LoadTrace trace = repaired("7,100\n60,1\n120,2\n180,3\n200,50\n240,4\n");

        assertThat(IntStream.range(0, trace.size()).mapToDouble(trace::rate)).containsExactly(1.0, 2.0, 3.0, 4.0);
        assertThat(trace.repairs())
                .containsExactly(
                        "line 1 left out: its time is between the steps of 60 s",
                        "line 5 left out: its time is between the steps of 60 s");
    }

    @Test
    void linesAtIrregularTimesTakeTheUsualOfTheirSteps() throws IOException {
        LoadTrace trace = repaired("0,0\n1,1\n62,62\n121,121\n184,184\n240,240\n");

        assertThat(trace.stepSeconds()).isEqualTo(59);
        assertThat(trace.size()).isEqualTo(5);
        assertThat(trace.rate(1)).isCloseTo(trace.rate(0) + 59, within(1e-9));
    }

    @Test
    void manyRepairsAreToldInFewLines() throws IOException {
        assertThat(repaired("0,1\n1,1\n100000,1\n").repairs())
                .containsExactly("seconds 2 to 99999 filled in, 99998 steps: a gap between lines 2 and 3");
        StringBuilder wrong = new StringBuilder("0,1\n60,1\n");
        for (int i = 0; i < 1_000; i++) {
            wrong.append("x,1\n");
        }
        assertThat(repaired(wrong.toString()).repairs()).hasSize(101).endsWith("and 900 repairs more");
    }

    @Test
    void tellsWhyNothingWasLeft() {
        assertThatThrownBy(() -> repaired("1524700800000,1\n1524700860000,2\n"))
                .hasMessageContaining("load.csv:1:1")
                .hasMessageContaining("milliseconds");
    }

    @Test
    void keepsWhenItBegan() throws IOException {
        assertThat(strict("1524700800,1\n1524700860,2\n").scaledBy(2).start())
                .isEqualTo(Instant.parse("2018-04-26T00:00:00Z"));
        assertThat(repaired("1524700830,1\n1524700800,1\n1524700860,2\n").start())
                .isEqualTo(Instant.parse("2018-04-26T00:00:00Z"));
        // Times that only count from some beginning: from the midnight of a Monday.
        assertThat(strict("3600,1\n3660,2\n").start()).isEqualTo(Instant.parse("2026-01-05T01:00:00Z"));
        LoadTrace made = LoadTrace.of("made", Duration.ofMinutes(1), 1);
        assertThat(made.start()).isEqualTo(Instant.parse("2026-01-05T00:00:00Z"));
        Instant noon = Instant.parse("2026-10-25T12:00:00Z");
        assertThat(made.startingAt(noon).start()).isEqualTo(noon);
    }

    @Test
    void aBrokenFileIsToldByName(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("load.csv.gz"), "0,1\n60,2\n");

        assertThatThrownBy(() -> LoadTrace.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("load.csv.gz is no gzip file, or a broken one: ");
    }

    @Test
    void samplesAnyLoad() {
        LoadTrace trace = LoadTrace.of(
                "ramp",
                Workload.ramp(0, Duration.ZERO, Duration.ofSeconds(40), 40),
                Duration.ofSeconds(10),
                Duration.ofSeconds(40));

        assertThat(trace.size()).isEqualTo(4);
        assertThat(trace.rate(1)).isCloseTo(15, within(1e-9));
        assertThat(trace.scaledBy(2).rate(1)).isCloseTo(30, within(1e-9));
    }
}
