package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecurringBurstsTest {
    private static final int DAY = 1_440;
    private static final double LEVEL = 10;

    private RecurringBursts bursts = new RecurringBursts();

    /** A sample a minute, with a load of 30 in the minutes of a burst; the memory goes through its bytes now and then. */
    private void minute(int minute, boolean isBurst) {
        bursts.add(60.0 * minute, 60, isBurst ? 30 : LEVEL, LEVEL, 13, false, 30);
        if (minute % 500 == 0) {
            ByteBuffer bytes = ByteBuffer.allocate(RecurringBursts.BYTES);
            bursts.write(bytes);
            assertThat(bytes.hasRemaining()).isFalse();
            bursts = new RecurringBursts(bytes.flip());
        }
    }

    private double expectedAt(int minute) {
        return bursts.expected(60.0 * minute, 60.0 * minute + 59);
    }

    @Test
    void aJobOfEveryNightIsExpectedAtItsMinuteAndNotBeforeOrAfter() {
        for (int minute = 0; minute < 4 * DAY; minute++) {
            minute(minute, minute % DAY == 121);
        }

        assertThat(expectedAt(4 * DAY + 121)).isEqualTo(20);
        assertThat(expectedAt(4 * DAY + 119)).isZero();
        assertThat(expectedAt(4 * DAY + 123)).isZero();
    }

    @Test
    void aJobThatComesSomeMinutesEarlierOrLaterIsExpectedInAllOfThem() {
        int[] late = {0, 3, 1, 2};
        for (int minute = 0; minute < 4 * DAY; minute++) {
            minute(minute, minute % DAY == 121 + late[minute / DAY]);
        }

        for (int minute = 121; minute <= 124; minute++) {
            assertThat(expectedAt(4 * DAY + minute)).as("minute %d", minute).isEqualTo(20);
        }
    }

    @Test
    void aJobThatHasEndedIsForgottenWithinDays() {
        for (int minute = 0; minute < 8 * DAY; minute++) {
            minute(minute, minute < 4 * DAY && minute % DAY == 121);
        }

        assertThat(expectedAt(8 * DAY + 121)).isZero();
    }

    @Test
    void burstsThatComeByChanceAreNotExpected() {
        Random random = new Random(5);
        int expected = 0;
        for (int minute = 0; minute < 10 * DAY; minute++) {
            minute(minute, random.nextInt(60) == 0);
            expected += minute > 3 * DAY && expectedAt(minute + 1) > 0 ? 1 : 0;
        }

        assertThat(expected).isLessThan(7 * DAY / 50);
    }

    @Test
    void aBurstThatUsedAllThereWasIsTakenForMoreButNotForMoreThanWasEverSeen() {
        bursts.add(0, 60, 12, LEVEL, 13, true, 25);
        for (int minute = 1; minute < DAY; minute++) {
            minute(minute, false);
        }

        assertThat(expectedAt(DAY)).isEqualTo(15);
    }
}
