package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SeasonTest {
    private static final int DAY = 86_400;
    private final Season season = new Season();

    private void days(int from, int to) {
        for (int second = from * DAY; second < to * DAY; second += 30) {
            season.add(second, load(second));
        }
    }

    /** Ten, and at minute 600 of each day fifty for twenty minutes. */
    private static double load(int second) {
        int minute = second % DAY / 60;
        return minute >= 600 && minute < 620 ? 50 : 10;
    }

    @Test
    void nothingIsKnownOfTheFirstDay() {
        days(0, 1);

        assertThat(season.rise(Season.Kind.MINUTE, 1_000, 1_600)).isZero();
        assertThat(season.usual(Season.Kind.WEEK, DAY + 36_000)).isNaN();
    }

    @Test
    void aJumpIsKnownToTheMinuteOnTheSecondDay() {
        days(0, 2);
        double before = 2 * DAY + 599 * 60 + 10;

        assertThat(season.knows(before)).isTrue();
        assertThat(season.usual(Season.Kind.MINUTE, before)).isCloseTo(10, within(0.01));
        assertThat(season.rise(Season.Kind.MINUTE, before, before + 40)).isZero();
        assertThat(season.rise(Season.Kind.MINUTE, before, before + 60)).isCloseTo(40, within(0.05));
        assertThat(season.rise(Season.Kind.MINUTE, before + 60, before + 3_600)).isCloseTo(0, within(0.05));
        assertThat(season.rise(Season.Kind.NONE, before, before + 60)).isZero();
    }

    @Test
    void aDayIsSmoothedOverTwentyMinutes() {
        days(0, 2);

        assertThat(season.usual(Season.Kind.DAY, 2 * DAY + 600 * 60)).isCloseTo(10 + 40 * 11 / 21.0, within(0.1));
    }

    @Test
    void anHourOfTheWeekIsKnownAWeekLater() {
        days(0, 9);

        double middleOfHour = 7 * DAY + 10.5 * 3_600;
        assertThat(season.usual(Season.Kind.WEEK, middleOfHour)).isCloseTo(10 + 40 / 3.0, within(0.1));
    }

    @Test
    void survivesBeingWrittenDown() {
        days(0, 3);
        ByteBuffer bytes = ByteBuffer.allocate(Season.BYTES);
        season.write(bytes);
        assertThat(bytes.hasRemaining()).isFalse();

        Season again = new Season(bytes.flip());
        assertThat(again.usual(Season.Kind.DAY, 3 * DAY + 36_000))
                .isEqualTo(season.usual(Season.Kind.DAY, 3 * DAY + 36_000));
        assertThat(Season.BYTES).isLessThan(4_096);
    }

    @Test
    void anHourIsKnownWhoseLastMinuteIsNeverMeasured() {
        for (int second = 0; second < 9 * DAY; second += 120) {
            season.add(second, 10);
        }

        assertThat(season.usual(Season.Kind.WEEK, 7 * DAY + 10.5 * 3_600)).isCloseTo(10, within(0.01));
    }
}
