package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.internal.plan.PoolMemory.Regret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackOffTest {
    private static final Instant NOW = World.START;

    @ParameterizedTest
    @EnumSource(names = {"INSUFFICIENT_CAPACITY", "QUOTA_EXCEEDED", "OUTCOME_UNKNOWN", "INTERNAL", "RATE_LIMITED"})
    void doublesTheRestWithEachFailureInARowUpToHalfAnHour(ErrorKind kind) {
        assertThat(rests(kind, 8)).containsExactly(30L, 60L, 120L, 240L, 480L, 960L, 1800L, 1800L);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "CONFLICT"})
    void aSingleHiccupCostsFiveSeconds(ErrorKind kind) {
        assertThat(rests(kind, 3)).containsExactly(5L, 30L, 60L);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFIGURATION", "UNSUPPORTED", "NOT_FOUND"})
    void whatOnlyTheUserCanChangeRestsLongestAtOnce(ErrorKind kind) {
        assertThat(rests(kind, 1)).containsExactly(1800L);
    }

    @Test
    void refusedCredentialsAreTriedAgainEveryFiveMinutes() {
        assertThat(rests(ErrorKind.AUTHENTICATION, 3)).containsExactly(300L, 300L, 300L);
    }

    @Test
    void restsAsLongAsTheCloudSays() {
        OfferingMemory after = BackOff.afterLaunchFailure(
                OfferingMemory.EMPTY, ErrorKind.RATE_LIMITED, Optional.of(Duration.ofSeconds(7)), "slow down", NOW);

        assertThat(after.restingUntil()).contains(NOW.plusSeconds(7));
        assertThat(after.mayLaunch(NOW.plusSeconds(6))).isFalse();
        assertThat(after.mayLaunch(NOW.plusSeconds(7))).isTrue();
    }

    @Test
    void theFailuresOfOneAttemptCountOnceAndTheLongestRestHolds() {
        OfferingMemory first = fail(OfferingMemory.EMPTY, ErrorKind.INSUFFICIENT_CAPACITY, NOW);
        OfferingMemory second = fail(first, ErrorKind.TRANSIENT, NOW);

        assertThat(second.failures()).isEqualTo(1);
        assertThat(second.restingUntil()).isEqualTo(first.restingUntil());
    }

    @Test
    void launchesStopWithTheThirdMachineThatNeverJoins() {
        PoolMemory memory = BackOff.afterJoinFailure(BackOff.afterJoinFailure(PoolMemory.EMPTY, NOW), NOW);
        assertThat(memory.launchesStopped(NOW)).isFalse();

        memory = BackOff.afterJoinFailure(memory, NOW);
        assertThat(memory.launchesStoppedUntil()).contains(NOW.plusSeconds(300));
        memory = BackOff.afterJoinFailure(memory, NOW);
        assertThat(memory.launchesStoppedUntil()).contains(NOW.plusSeconds(600));
    }

    @Test
    void aRegretLastsLongerEachTime() {
        Regret first = BackOff.afterRegret(Optional.empty(), 7, NOW);
        Regret second = BackOff.afterRegret(Optional.of(first), 8, NOW);

        assertThat(first).isEqualTo(new Regret(1, NOW.plus(Duration.ofMinutes(10)), 7));
        assertThat(second).isEqualTo(new Regret(2, NOW.plus(Duration.ofMinutes(20)), 8));
    }

    private static List<Long> rests(ErrorKind kind, int failures) {
        List<Long> rests = new ArrayList<>();
        OfferingMemory memory = OfferingMemory.EMPTY;
        Instant now = NOW;
        for (int i = 0; i < failures; i++) {
            memory = fail(memory, kind, now);
            rests.add(Duration.between(now, memory.restingUntil().orElseThrow()).toSeconds());
            now = memory.restingUntil().orElseThrow();
        }
        return rests;
    }

    private static OfferingMemory fail(OfferingMemory memory, ErrorKind kind, Instant now) {
        return BackOff.afterLaunchFailure(memory, kind, Optional.empty(), "failed", now);
    }
}
