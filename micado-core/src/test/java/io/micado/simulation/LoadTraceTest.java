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
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTraceTest {
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
                .hasMessageContaining("at least one line");
        assertThatThrownBy(() -> repaired("0,1\n1,1\n2,1\n999999999999,1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("load.csv:4:1")
                .hasMessageContaining("too large a gap");
    }

    @Test
    void whatIsInOrderIsNotRepaired() throws IOException {
        assertThat(repaired("0,1\n10,2\n20,3").repairs()).isEmpty();
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
