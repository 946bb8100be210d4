package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class ClockOffsetTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ClockOffset offset = new ClockOffset();

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        assertThat(offset.estimate()).isEmpty();
    }

    @Test
    void narrowsDownWithEachAnswer() {
        Duration truth = Duration.ofMillis(-12_340);
        for (int i = 0; i < 40; i++) {
            ask(START.plusMillis(i * 137L), truth);
        }

        assertThat(offset.estimate().orElseThrow().minus(truth).abs()).isLessThan(Duration.ofMillis(30));
    }

    @Test
    void neverErrsByMoreThanHalfTheRangeOfOneAnswer() {
        Duration truth = Duration.ofMillis(700);
        ask(START.plusMillis(450), truth);

        assertThat(offset.estimate().orElseThrow().minus(truth).abs()).isLessThan(Duration.ofMillis(511));
    }

    @Test
    void startsAnewWhenAClockWasSet() {
        for (int i = 0; i < 40; i++) {
            ask(START.plusMillis(i * 137L), Duration.ZERO);
        }
        ask(START.plusSeconds(10), Duration.ofMinutes(5));

        assertThat(offset.estimate().orElseThrow()).isBetween(Duration.ofSeconds(299), Duration.ofSeconds(301));
    }

    @Test
    void ignoresAnAnswerDuringWhichOurOwnClockWentBack() {
        offset.observe(START.plusSeconds(100), START, START);

        assertThat(offset.estimate()).isEmpty();
    }

    private void ask(Instant asked, Duration ahead) {
        Instant answered = asked.plusMillis(10);
        Instant engineTime = asked.plusMillis(5).plus(ahead);
        offset.observe(asked, engineTime.truncatedTo(ChronoUnit.SECONDS), answered);
    }
}
