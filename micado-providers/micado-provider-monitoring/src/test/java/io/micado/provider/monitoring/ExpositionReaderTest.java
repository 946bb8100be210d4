package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pages in the text format, whole and broken. */
class ExpositionReaderTest {

    private record Taken(String family, Map<String, String> labels, double value, OptionalLong timestamp) {}

    private static List<Taken> read(String page) throws IOException {
        List<Taken> taken = new ArrayList<>();
        new ExpositionReader(Set.of("a", "b"), 1 << 20)
                .read(
                        new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)),
                        (family, labels, value, timestamp) -> taken.add(new Taken(family, labels, value, timestamp)));
        return taken;
    }

    @Test
    void takesOnlyTheFamiliesThatAreAskedFor() throws IOException {
        assertThat(read("# HELP a something\n# TYPE a counter\na 1\nab 2\na_total 3\nb{} 4.5e+03\nc 5\n"))
                .containsExactly(
                        new Taken("a", Map.of(), 1, OptionalLong.empty()),
                        new Taken("b", Map.of(), 4500, OptionalLong.empty()));
    }

    @Test
    void readsLabelsWithEverythingThatMayBeInThem() throws IOException {
        String page = "a{x=\"1\",path=\"C:\\\\DIR\\n\",q=\"say \\\"}, {\\\" = \", ü=\"é\", } 7 1700000000123\n";
        assertThat(read(page))
                .containsExactly(new Taken(
                        "a",
                        Map.of("x", "1", "path", "C:\\DIR\n", "q", "say \"}, {\" = ", "ü", "é"),
                        7,
                        OptionalLong.of(1_700_000_000_123L)));
    }

    @Test
    void leavesOutWhatIsNoMeasurement() throws IOException {
        assertThat(read("a NaN\na +Inf\na -Inf\na\na x\na{x=\"1} 2\na{x=1} 2\na 1 later\n\n{} 1\n"))
                .isEmpty();
    }

    @Test
    void aSampleThatBreaksOffIsNoSample() throws IOException {
        assertThat(read("a 1\na 12")).extracting(Taken::value).containsExactly(1.0);
    }

    @Test
    void aLineWithoutEndIsLeftOut() throws IOException {
        String page = "a{x=\"" + "y".repeat(100_000) + "\"} 1\nb 2\n";
        assertThat(read(page)).extracting(Taken::family).containsExactly("b");
    }

    @Test
    void aPageWithoutEndIsGivenUp() {
        InputStream endless = new InputStream() {
            private final byte[] line = "c{x=\"y\"} 1\n".getBytes(StandardCharsets.UTF_8);
            private int at;

            @Override
            public int read() {
                return line[at++ % line.length];
            }
        };
        assertThatThrownBy(() -> new ExpositionReader(Set.of("a"), 100_000).read(endless, (f, l, v, t) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than 100000 bytes");
    }
}
