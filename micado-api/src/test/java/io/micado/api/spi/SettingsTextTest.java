package io.micado.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lists and maps written as one text, as labels have them, and read again. */
class SettingsTextTest {
    @Test
    void aListComesBackFromItsText() {
        List<String> entries = List.of("0 8 * * 1-5 for 10h: 4", "a, b=c");
        String text = Settings.of("entries", entries).string("entries").orElseThrow();

        assertThat(Settings.of("entries", text).list("entries")).isEqualTo(entries);
    }

    @Test
    void aMapComesBackFromItsText() {
        Map<String, Object> targets = new LinkedHashMap<>();
        targets.put("orders.waiting", 100.0);
        targets.put("host:age", "2");
        String text = Settings.of("perReplica", targets).string("perReplica").orElseThrow();

        assertThat(text).isEqualTo("orders.waiting=100.0,host:age=2");
        assertThat(Settings.of("perReplica", text).map("perReplica"))
                .containsExactly(Map.entry("orders.waiting", "100.0"), Map.entry("host:age", "2"));
    }

    @Test
    void keysAndValuesMayHoldWhatSeparatesThem() {
        Map<String, String> targets = new LinkedHashMap<>();
        targets.put("requests{code=\"200\",path=\"/a=b\"}", "100");
        targets.put("C:\\temp\\,", "a,b=c");
        targets.put("two\nlines", "ends with \\");
        targets.put("last", "");
        String text = Settings.of("perReplica", targets).string("perReplica").orElseThrow();

        assertThat(text).startsWith("requests{code\\=\"200\"\\,path\\=\"/a\\=b\"}=100,");
        assertThat(Settings.of("perReplica", text).map("perReplica")).containsExactlyEntriesOf(targets);
    }

    @Test
    void aMapWrittenByHandNeedsNoEscapeBeforeWhatDoesNotSeparate() {
        assertThat(Settings.of("files", "a = C:\\temp\\x , b=1=2").map("files"))
                .containsExactly(Map.entry("a", "C:\\temp\\x"), Map.entry("b", "1=2"));
        assertThat(Settings.of("files", "re=a\\=b").map("files")).containsExactly(Map.entry("re", "a\\=b"));
        assertThat(Settings.of("files", "a=1\nb=2").map("files"))
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }

    @Test
    void pairsThatLackSomethingAreNoMap() {
        for (String text : List.of("", "=1", "a=1,", ",a=1", "a=1,,b=2", "a\\=1")) {
            assertThatThrownBy(() -> Settings.of("perReplica", text).map("perReplica"))
                    .as(text)
                    .hasMessageContaining("must be a map, or pairs such as a=1,b=2");
        }
    }

    @Test
    void aTextWithoutPairsIsNoMap() {
        assertThatThrownBy(() -> Settings.of("perReplica", "100").map("perReplica"))
                .hasMessageContaining("must be a map, or pairs such as a=1,b=2, got \"100\"");
    }
}
