package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.PolicyTrial;
import io.micado.simulation.fluid.TrialResult;
import io.micado.simulation.fluid.TrialSetting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BenchPageTest {
    private static final LoadTrace LOAD = LoadTrace.of("made", Duration.ofMinutes(1), 40, 40, 40);

    private static TrialResult fixed(int count) {
        return PolicyTrial.of((TrialSetting setting) -> seen -> count)
                .trace(LOAD)
                .capacity(10)
                .startingWith(count)
                .run();
    }

    private static BenchRow row(String policy, int count) {
        return new BenchRow(
                "made", LOAD, 10, policy, "worker", fixed(count), fixed(4), Optional.empty(), Optional.empty());
    }

    @Test
    void drawsWhoHasLessThanTheOracleBesideTheAxisToo() {
        String page = BenchPage.of(List.of(row("oracle", 4), row("stingy", 1), row("lavish", 40)));

        assertThat(x(page, "stingy")).isBetween(62.0, 100.0);
        assertThat(x(page, "oracle")).isBetween(x(page, "stingy") + 50, x(page, "lavish") - 50);
        assertThat(x(page, "lavish")).isEqualTo(560 - 96);
        assertThat(page).contains(">0.5</text>").contains(">3.0</text>");
    }

    private static double x(String page, String policy) {
        Matcher circle =
                Pattern.compile("cx=\"([0-9.]+)\"[^>]*><title>" + policy + ":").matcher(page);
        assertThat(circle.find()).as(policy).isTrue();
        return Double.parseDouble(circle.group(1));
    }
}
