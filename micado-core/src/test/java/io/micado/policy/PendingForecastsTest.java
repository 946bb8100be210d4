package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingForecastsTest {
    private final PendingForecasts pending = new PendingForecasts(1);

    private void add(double second, double horizon, float forecast) {
        assertThat(pending.takes(second, horizon)).isTrue();
        pending.add(second, new float[] {forecast});
    }

    @Test
    void theLatestOfWhichTheTimeHasComeIsJudged() {
        add(100, 100, 1);
        add(110, 100, 2);
        add(120, 100, 3);

        assertThat(pending.takeDue(90)).isEmpty();
        assertThat(pending.takeDue(115)).containsExactly(2);
        assertThat(pending.takeDue(116)).isEmpty();
        assertThat(pending.takeDue(120)).containsExactly(3);
    }

    @Test
    void whenCapacityArrivesSoonerThanBeforeForecastsForLaterTimesAreForgotten() {
        add(125, 125, 1);
        add(140, 125, 2);

        add(30, 10, 3);

        assertThat(pending.takeDue(30)).containsExactly(3);
        assertThat(pending.takeDue(1_000)).isEmpty();
    }
}
