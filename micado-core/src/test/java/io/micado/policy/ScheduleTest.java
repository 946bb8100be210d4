package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Unless told otherwise a replica takes 3 s, a worker 90 s, and ten more replicas find a place: see PolicyContexts. */
class ScheduleTest {
    private static final ZoneId BUDAPEST = ZoneId.of("Europe/Budapest");
    private static final PolicySpec OFFICE_HOURS = Schedule.in(BUDAPEST)
            .every("0 8 * * MON-FRI", Duration.ofHours(10), 4)
            .build();

    @Test
    void wantsWhatTheEntrySaysWhileItCounts() {
        assertThat(count(OFFICE_HOURS, "2026-03-02T07:30:00Z"))
                .as("8:30 on a Monday")
                .isEqualTo(4);
        assertThat(count(OFFICE_HOURS, "2026-03-02T16:59:59Z")).as("17:59:59").isEqualTo(4);
        assertThat(count(OFFICE_HOURS, "2026-03-02T17:00:00Z")).as("18:00").isEqualTo(1);
        assertThat(count(OFFICE_HOURS, "2026-03-01T09:00:00Z")).as("a Sunday").isEqualTo(1);
    }

    @Test
    void asksALeadTimeEarlier() {
        assertThat(count(OFFICE_HOURS, "2026-03-02T06:59:57Z")).isEqualTo(4);
        assertThat(count(OFFICE_HOURS, "2026-03-02T06:59:56Z")).isEqualTo(1);
    }

    @Test
    void asksAWorkersLeadTimeEarlierForWhatFindsNoPlaceYet() {
        PolicySpec many = Schedule.in(BUDAPEST)
                .every("0 8 * * *", Duration.ofHours(1), 40)
                .build();

        // 3 s for a replica and 90 s for a worker, after 1, 5, 15, 40 at one step in 15 s, each by a pass 5 s later at
        // most: twice
        // 20 s of waiting.
        assertThat(count(many, "2026-03-02T06:57:47Z")).isEqualTo(40);
        assertThat(count(many, "2026-03-02T06:57:46Z")).isEqualTo(1);
    }

    @Test
    void asksEarlierByTheWindowAndTheCooldownThatHoldItUp() {
        Behavior slow = Behavior.IMMEDIATE
                .withStabilization(Duration.ofMinutes(2), Duration.ZERO)
                .withCooldown(Duration.ofMinutes(1), Duration.ZERO);
        Duration early = Duration.ofSeconds(120 + 5 + 60 + 3);

        Instant eight = Instant.parse("2026-03-02T07:00:00Z");
        assertThat(count(OFFICE_HOURS, at(eight.minus(early)).behavior(slow))).isEqualTo(4);
        assertThat(count(OFFICE_HOURS, at(eight.minus(early).minusSeconds(1)).behavior(slow)))
                .isEqualTo(1);
    }

    @Test
    void goesOnAskingWhileWhatItAskedForArrives() {
        PolicySpec many = Schedule.in(BUDAPEST)
                .every("0 8 * * *", Duration.ofHours(1), 40)
                .build();
        Instant asked = Instant.parse("2026-03-02T06:57:47Z");

        for (int desired : new int[] {1, 5, 15, 40}) {
            for (int later : new int[] {0, 20, 40, 60, 120}) {
                assertThat(count(many, at(asked.plusSeconds(later)).desired(desired)))
                        .as("%d asked for, %d s later", desired, later)
                        .isEqualTo(40);
            }
        }
    }

    @Test
    void takesTheLeadThatIsSet() {
        PolicySpec early = Schedule.in(BUDAPEST)
                .every("0 8 * * *", Duration.ofHours(1), 3)
                .lead(Duration.ofMinutes(5))
                .build();

        assertThat(count(early, "2026-03-02T06:55:00Z")).isEqualTo(3);
        assertThat(count(early, "2026-03-02T06:54:59Z")).isEqualTo(1);
    }

    @Test
    void takesTheMostOfSeveralEntriesAndTheRestOtherwise() {
        PolicySpec policy = Schedule.in(BUDAPEST)
                .every("0 0 * * *", Duration.ofDays(1), 3)
                .once(LocalDateTime.of(2026, 3, 2, 9, 0), Duration.ofHours(4), 20)
                .lead(Duration.ZERO)
                .build();
        PolicySpec rest = Schedule.in(BUDAPEST)
                .once(LocalDateTime.of(2026, 3, 2, 9, 0), Duration.ofHours(4), 20)
                .otherwise(2)
                .build();

        assertThat(count(policy, "2026-03-02T07:59:59Z")).isEqualTo(3);
        assertThat(count(policy, "2026-03-02T08:00:00Z")).isEqualTo(20);
        assertThat(count(policy, "2026-03-02T12:00:00Z")).isEqualTo(3);
        assertThat(count(rest, "2026-03-03T08:00:00Z")).isEqualTo(2);
    }

    @Test
    void goesByWallClocksOverTheChangeOfTime() {
        // On 29 March 2026 clocks go from 2:00 to 3:00, on 25 October from 3:00 back to 2:00.
        PolicySpec night = Schedule.in(BUDAPEST)
                .every("30 2 * * *", Duration.ofMinutes(30), 5)
                .lead(Duration.ZERO)
                .build();

        assertThat(count(night, "2026-03-29T00:59:00Z")).as("1:59").isEqualTo(1);
        assertThat(count(night, "2026-03-29T01:00:00Z"))
                .as("3:00, for the 2:30 that is skipped")
                .isEqualTo(5);
        assertThat(count(night, "2026-03-29T01:29:59Z")).as("3:29:59").isEqualTo(5);
        assertThat(count(night, "2026-03-29T01:30:00Z")).as("3:30").isEqualTo(1);
        assertThat(count(night, "2026-10-25T00:30:00Z"))
                .as("2:30 for the first time")
                .isEqualTo(5);
        assertThat(count(night, "2026-10-25T01:30:00Z"))
                .as("2:30 for the second time")
                .isEqualTo(1);
    }

    @Test
    void anEntryCountsOnInTheHourThatComesAgain() {
        PolicySpec threeHours = Schedule.in(BUDAPEST)
                .every("30 2 * * *", Duration.ofHours(3), 4)
                .lead(Duration.ZERO)
                .build();

        Instant begin = Instant.parse("2026-10-25T00:30:00Z");
        for (int minute = 0; minute < 180; minute++) {
            assertThat(count(threeHours, begin.plus(Duration.ofMinutes(minute)).toString()))
                    .as("minute %d", minute)
                    .isEqualTo(4);
        }
        assertThat(count(threeHours, "2026-10-25T03:30:00Z")).as("4:30").isEqualTo(1);
    }

    @Test
    void anEntryLastsAsLongOverTheDayThatIsShorter() {
        PolicySpec day = Schedule.in(BUDAPEST)
                .every("30 23 28 * *", Duration.ofHours(24), 4)
                .lead(Duration.ZERO)
                .build();

        assertThat(count(day, "2026-03-29T22:29:59Z"))
                .as("0:29:59, two dates later")
                .isEqualTo(4);
        assertThat(count(day, "2026-03-29T22:30:00Z")).as("0:30").isEqualTo(1);
    }

    @Test
    void saysWhichEntryItWas() {
        Recommendation answer = recommend(OFFICE_HOURS, "2026-03-02T09:00:00Z");

        assertThat(answer.reason()).isEqualTo("schedule \"0 8 * * MON-FRI for PT10H: 4\" (Europe/Budapest)");
        assertThat(recommend(OFFICE_HOURS, "2026-03-01T09:00:00Z").reason())
                .isEqualTo("no entry of the schedule counts now (Europe/Budapest), so 1");
    }

    @Test
    void isAFloorUnderAnotherPolicy() {
        PolicySpec both = PolicySpec.max(TargetTracking.cpu(0.5), OFFICE_HOURS);

        Recommendation answer = Policies.scaler(both)
                .recommend(PolicyContexts.service("web")
                        .at(Instant.parse("2026-03-02T09:00:00Z"))
                        .reservation(1, 0)
                        .replicas(2, 0.5)
                        .build());

        assertThat(((Recommendation.Capacity) answer).count()).isEqualTo(4);
        assertThat(both.type()).isEqualTo("max of target-tracking, schedule");
    }

    @Test
    void readsAFileOrALabelAndNamesAllThatIsWrong() {
        Settings label = Settings.of(Map.of("entries", "0 8 * * MON-FRI for 10h: 4\n2026-11-27T09:00 for 90m: 20"));

        assertThat(SchedulePolicy.create(label).entries()).hasSize(2);
        assertThatThrownBy(() -> SchedulePolicy.create(Settings.of(Map.of(
                        "entries",
                        List.of("at noon", "0 99 * * * for 1h: 2", "0 8 * * * for soon: 2", "0 8 * * * for 1s: 2"),
                        "zone",
                        "Mars/Olympus",
                        "otherwise",
                        "-1"))))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).hasSize(6))
                .hasMessageContaining("\"at noon\" must have the form START for DURATION: COUNT")
                .hasMessageContaining("its hour must be made of numbers from 0 to 23")
                .hasMessageContaining("the duration in \"0 8 * * * for soon: 2\" must be a time span")
                .hasMessageContaining("must last from 1 minute to 366 days")
                .hasMessageContaining("must be a time zone such as Europe/Budapest")
                .hasMessageContaining("otherwise: must be 0 or more");
        assertThatThrownBy(() -> SchedulePolicy.create(Settings.EMPTY)).hasMessageContaining("at least one entry");
    }

    private static int count(PolicySpec policy, String at) {
        return ((Recommendation.Capacity) recommend(policy, at)).count();
    }

    private static Recommendation recommend(PolicySpec policy, String at) {
        return Policies.scaler(policy).recommend(at(Instant.parse(at)).build());
    }

    private static int count(PolicySpec policy, PolicyContexts context) {
        return ((Recommendation.Capacity) Policies.scaler(policy).recommend(context.build())).count();
    }

    private static PolicyContexts at(Instant now) {
        return PolicyContexts.service("web").at(now).replicas(1, 0.5);
    }
}
