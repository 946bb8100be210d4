package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micado.testing.Seeds;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronExpressionTest {
    private static final LocalDateTime MONDAY_NOON = LocalDateTime.of(2026, 3, 2, 12, 0);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    * * * * *       | 2026-03-02T12:00
                    0 8 * * MON-FRI | 2026-03-02T08:00
                    0 8 * * sat,7   | 2026-03-01T08:00
                    */25 * * * *    | 2026-03-02T12:00
                    5-59/20 * * * * | 2026-03-02T11:45
                    30 12 * * *     | 2026-03-01T12:30
                    0 0 1 * *       | 2026-03-01T00:00
                    0 0 1 jan *     | 2026-01-01T00:00
                    0 0 29 2 *      | 2024-02-29T00:00
                    0 0 13 * 5      | 2026-02-27T00:00
                    0 22/1 * * *    | 2026-03-01T23:00
                    """)
    void findsTheLatestMatch(String cron, LocalDateTime expected) {
        assertThat(CronExpression.parse(cron).lastMatch(MONDAY_NOON, LocalDate.of(2020, 1, 1)))
                .contains(expected);
    }

    @Test
    void looksNoFurtherBackThanAsked() {
        CronExpression newYear = CronExpression.parse("0 0 1 1 *");

        assertThat(newYear.lastMatch(MONDAY_NOON, LocalDate.of(2026, 1, 2))).isEmpty();
        assertThat(newYear.lastMatch(MONDAY_NOON, LocalDate.of(2026, 1, 1))).isPresent();
    }

    @Test
    void agreesWithAMinuteByMinuteSearch() {
        Seeds.check(200, random -> {
            int step = Seeds.between(random, 1, 20);
            int hour = random.nextInt(24);
            int day = random.nextInt(7);
            CronExpression cron = CronExpression.parse("*/" + step + " " + hour + " * * " + day);
            LocalDateTime from = MONDAY_NOON.plusMinutes(random.nextInt(20_000));

            assertThat(cron.lastMatch(from, from.toLocalDate().minusDays(8)))
                    .isEqualTo(bySearch(from, step, hour, day));
        });
    }

    private static Optional<LocalDateTime> bySearch(LocalDateTime from, int step, int hour, int day) {
        return IntStream.range(0, 8 * 24 * 60)
                .mapToObj(from::minusMinutes)
                .filter(time -> time.getMinute() % step == 0
                        && time.getHour() == hour
                        && time.getDayOfWeek().getValue() % 7 == day)
                .findFirst();
    }

    @Test
    void saysWhichFieldIsWrongAndWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CronExpression.parse("0 8 * *"))
                .withMessageContaining("must have 5 fields")
                .withMessageContaining("\"0 8 * *\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CronExpression.parse("0 24 * * *"))
                .withMessageContaining("its hour must be made of numbers from 0 to 23")
                .withMessageContaining("\"24\"");
        for (String wrong :
                List.of("a * * * *", "5-1 * * * *", "1-2-3 * * * *", "*/0 * * * *", "1,, * * * *", "* * * mon *")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> CronExpression.parse(wrong));
        }
    }

    @Test
    void refusesOrReadsWhateverItIsGiven() {
        Seeds.check(500, CronExpressionTest::parsesOrSaysWhy);
    }

    private static void parsesOrSaysWhy(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = Seeds.between(random, 1, 20); i > 0; i--) {
            text.append("0123456789*/-, amonSUN".charAt(random.nextInt(22)));
        }
        try {
            assertThat(CronExpression.parse(text.toString()))
                    .hasToString(text.toString().strip());
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("must");
        }
    }
}
