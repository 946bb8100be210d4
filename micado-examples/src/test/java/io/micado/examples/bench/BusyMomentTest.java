package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.simulation.LoadTrace;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BusyMomentTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static LoadTrace minutes(int count, int busyFrom, int busyTo) {
        return LoadTrace.of(
                "made",
                MINUTE,
                IntStream.range(0, count)
                        .mapToDouble(i -> i >= busyFrom && i < busyTo ? 100 : 10 + i / 1e6)
                        .toArray());
    }

    @Test
    void isTheLastOfTheBusiest() {
        // A tenth of what counts is as busy as can be.
        assertThat(BusyMoment.of(minutes(1_440, 500, 700))).isEqualTo(MINUTE.multipliedBy(699));
    }

    @Test
    void leavesAnHourToComeRightAgain() {
        assertThat(BusyMoment.of(minutes(1_440, 1_200, 1_440))).isEqualTo(MINUTE.multipliedBy(1_379));
        // Busy in its last hour only.
        assertThat(BusyMoment.of(minutes(1_440, 1_400, 1_440))).isEqualTo(MINUTE.multipliedBy(1_379));
    }

    @Test
    void ofAShortTraceIsInItsFirstHalf() {
        assertThat(BusyMoment.of(minutes(60, 0, 10))).isEqualTo(MINUTE.multipliedBy(9));
        assertThat(BusyMoment.of(minutes(2, 0, 1))).isZero();
        assertThat(BusyMoment.of(LoadTrace.of("one", MINUTE, 5))).isZero();
    }
}
