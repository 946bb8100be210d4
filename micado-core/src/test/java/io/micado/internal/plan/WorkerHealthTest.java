package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerHealthTest {
    private final World world = new World().withPool("pool", 0, 10, 0);

    @Test
    void aLostWorkerMayComeBackForTwoMinutes() {
        World.Member lost = world.add("pool", WorkerState.LOST);

        assertThat(judge(lost, Duration.ofSeconds(119), false)).isEmpty();
        assertThat(judge(lost, Duration.ofSeconds(120), false)).isPresent();
    }

    @Test
    void aLostWorkerWhoseMachineIsBrokenIsGivenUpAtOnce() {
        World.Member lost = world.add("pool", WorkerState.LOST);
        lost.machine = MachineStatus.STOPPED;

        assertThat(judge(lost, Duration.ZERO, false)).contains("its machine is in state STOPPED");
    }

    @Test
    void aMachineMayTakeAQuarterOfAnHourToJoin() {
        World.Member arriving = world.add("pool", WorkerState.BOOTING);

        assertThat(judge(arriving, Duration.ofMinutes(15).minusSeconds(1), false))
                .isEmpty();
        assertThat(judge(arriving, Duration.ofMinutes(15), false)).contains("did not join within 900 s");
    }

    @Test
    void aMachineThatFailedToBootIsGivenUpAtOnce() {
        World.Member arriving = world.add("pool", WorkerState.BOOTING);
        arriving.machine = MachineStatus.ERROR;

        assertThat(judge(arriving, Duration.ZERO, false)).isPresent();
    }

    @Test
    void nothingIsGivenUpForNotJoiningWhileAStrangerMayBeIt() {
        World.Member arriving = world.add("pool", WorkerState.BOOTING);

        assertThat(judge(arriving, Duration.ofHours(5), true)).isEmpty();
    }

    @Test
    void anIntentWithoutAMachineIsNotJudgedHere() {
        assertThat(judge(world.add("pool", WorkerState.REQUESTED), Duration.ofHours(5), false))
                .isEmpty();
    }

    @Test
    void aReadyWorkerIsNeverGivenUp() {
        assertThat(judge(world.add("pool", WorkerState.READY), Duration.ofDays(30), false))
                .isEmpty();
    }

    @Test
    void thePoolsOwnTimeoutCounts() {
        world.pools.clear();
        world.with(World.pool("pool", 0, 10)
                .offering(World.offering("small", World.SMALL))
                .joinTimeout(Duration.ofSeconds(90))
                .build());
        World.Member arriving = world.add("pool", WorkerState.JOINING);

        assertThat(judge(arriving, Duration.ofSeconds(90), false)).contains("did not join within 90 s");
    }

    @Test
    void learnsTheTimeoutFromFiveStartsOnAsTwiceTheLongestWithinItsBounds() {
        assertThat(WorkerHealth.learnedJoinTimeout(List.of(50.0, 60.0, 70.0, 80.0)))
                .hasMinutes(15);
        assertThat(WorkerHealth.learnedJoinTimeout(List.of(50.0, 60.0, 100.0, 80.0, 70.0)))
                .hasSeconds(200);
        assertThat(WorkerHealth.learnedJoinTimeout(List.of(1.0, 1.0, 1.0, 1.0, 1.0)))
                .hasMinutes(2);
        assertThat(WorkerHealth.learnedJoinTimeout(List.of(1.0, 1.0, 1.0, 1.0, 9999.0)))
                .hasMinutes(30);
    }

    private Optional<String> judge(World.Member member, Duration age, boolean strangers) {
        member.since = world.now.minus(age);
        Worker worker = world.state().workers().get(member.id);
        return new WorkerHealth(world.pools.get("pool"), world.memory, world.now, strangers)
                .whyGivenUp(worker, member.since);
    }
}
