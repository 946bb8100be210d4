package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior.Rate;
import io.micado.internal.plan.TargetMemory.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final Instant NOW = World.START;
    private static final Duration PERIOD = Duration.ofSeconds(15);

    @Test
    void withoutARateThereIsNoLimit() {
        assertThat(limit(10).mostOut(List.of())).isEqualTo(Integer.MAX_VALUE);
        assertThat(limit(10).leastIn(List.of())).isZero();
    }

    @Test
    void ofSeveralRatesTheOneThatAllowsMostCounts() {
        List<Rate> rates = List.of(Rate.percent(100, PERIOD), Rate.count(4, PERIOD));

        assertThat(limit(2).mostOut(rates)).isEqualTo(6);
        assertThat(limit(10).mostOut(rates)).isEqualTo(20);
        assertThat(limit(10).leastIn(List.of(Rate.percent(10, PERIOD), Rate.count(3, PERIOD))))
                .isEqualTo(7);
    }

    @Test
    void whatWasAddedInThePeriodCountsAgainstIt() {
        List<Rate> four = List.of(Rate.count(4, PERIOD));

        assertThat(limit(10, new Change(NOW.minusSeconds(14), 7, 10)).mostOut(four))
                .isEqualTo(11);
        assertThat(limit(10, new Change(NOW.minusSeconds(14), 4, 10)).mostOut(four))
                .as("no less than it is")
                .isEqualTo(10);
        assertThat(limit(10, new Change(NOW.minusSeconds(15), 7, 10)).mostOut(four))
                .as("over")
                .isEqualTo(14);
    }

    @Test
    void whatWasTakenInThePeriodCountsAgainstItToo() {
        List<Rate> two = List.of(Rate.count(2, PERIOD));

        assertThat(limit(9, new Change(NOW.minusSeconds(5), 10, 9)).leastIn(two))
                .isEqualTo(8);
        assertThat(limit(1).leastIn(two)).isZero();
    }

    @Test
    void roundsSharesTowardsTheChangeButNotByRoundingErrors() {
        assertThat(limit(10).mostOut(List.of(Rate.percent(10, PERIOD)))).isEqualTo(11);
        assertThat(limit(1).mostOut(List.of(Rate.percent(10, PERIOD)))).isEqualTo(2);
        assertThat(limit(10).leastIn(List.of(Rate.percent(10, PERIOD)))).isEqualTo(9);
        assertThat(limit(1).leastIn(List.of(Rate.percent(10, PERIOD)))).isZero();
    }

    private static RateLimit limit(int current, Change... changes) {
        return new RateLimit(List.of(changes), current, NOW);
    }
}
