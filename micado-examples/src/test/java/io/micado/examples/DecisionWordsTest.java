package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.TargetId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DecisionWordsTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void theChangeIsSaidOnce() {
        var decision = Results.decision(TargetId.pool("workers"), DAY, 1, 2, "1 -> 2 workers: 3 tasks wait");

        assertThat(DecisionWords.change(decision)).isEqualTo("workers 1 → 2");
        assertThat(DecisionWords.reason(decision)).isEqualTo("3 tasks wait");
        assertThat(DecisionWords.change(Results.decision(TargetId.pool("spot"), DAY, 1, 2, "")))
                .isEqualTo("spot 1 → 2 workers");
    }

    @Test
    void numbersHaveTheDigitsThatTellSomething() {
        assertThat(DecisionWords.number(1.1166666)).isEqualTo("1.117");
        assertThat(DecisionWords.number(67.0)).isEqualTo("67");
        assertThat(DecisionWords.number(123456)).isEqualTo("123500");
        assertThat(DecisionWords.number(0)).isEqualTo("0");
        assertThat(DecisionWords.percent(0.00107)).isEqualTo("0.11 %");
        assertThat(DecisionWords.percent(0.5)).isEqualTo("50 %");
        assertThat(DecisionWords.percent(0)).isEqualTo("0 %");
        assertThat(DecisionWords.amount(44_120_000)).isEqualTo("44.1 million");
        assertThat(DecisionWords.amount(12_345)).isEqualTo("12,345");
    }

    @Test
    void timesAreThoseOfAClockAndLongRunsHaveDays() {
        assertThat(DecisionWords.clock(Duration.ofSeconds(3661), DAY)).isEqualTo("01:01:01");
        assertThat(DecisionWords.clock(DAY, DAY)).isEqualTo("24:00:00");
        assertThat(DecisionWords.clock(DAY.plusSeconds(5), Duration.ofDays(7))).isEqualTo("day 2 00:00:05");
    }
}
