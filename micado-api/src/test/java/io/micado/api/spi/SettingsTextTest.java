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
    void aTextWithoutPairsIsNoMap() {
        assertThatThrownBy(() -> Settings.of("perReplica", "100").map("perReplica"))
                .hasMessageContaining("must be a map, or pairs such as a=1,b=2, got \"100\"");
    }
}
