package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RollCallTest {
    private final World world = new World().withPool("pool", 0, 20, 0);

    @Test
    void whatIsReadyOrArrivesCounts() {
        World.Member ready = world.add("pool", WorkerState.READY);
        World.Member booting = world.add("pool", WorkerState.BOOTING);
        booting.since = world.now;

        assertThat(call().counting()).extracting(Worker::id).containsExactly(ready.id, booting.id);
        assertThat(call().arrivingSince()).containsOnlyKeys(booting.id);
    }

    @Test
    void whatWeDrainLeavesAndWhatOthersDrainIsLeftAlone() {
        World.Member ours = world.add("pool", WorkerState.DRAINING);
        ours.drainedByUs = true;
        World.Member theirs = world.add("pool", WorkerState.DRAINING);

        PoolRoster roster = call();
        assertThat(roster.leaving()).extracting(Worker::id).containsExactly(ours.id);
        assertThat(roster.drainedByOthers()).extracting(Worker::id).containsExactly(theirs.id);
        assertThat(roster.counting()).isEmpty();
        assertThat(roster.existing()).as("both are still there").isEqualTo(2);
    }

    @Test
    void aLostWorkerIsExpectedBackBeforeItIsGivenUp() {
        World.Member fresh = lost(Duration.ofSeconds(10));
        World.Member old = lost(Duration.ofMinutes(10));

        PoolRoster roster = call();
        assertThat(roster.expectedBack()).extracting(Worker::id).containsExactly(fresh.id);
        assertThat(roster.givenUp()).extracting(it -> it.worker().id()).containsExactly(old.id);
        assertThat(roster.newlyGivenUp()).isEqualTo(1);
        assertThat(roster.neverJoined()).isZero();
    }

    @Test
    void threeLostAtOnceAreRepairedAndFourOfTenAreNot() {
        ready(7);
        lost(3);
        assertThat(call().givenUp()).hasSize(3);

        lost(1);
        PoolRoster roster = call();
        assertThat(roster.givenUp()).isEmpty();
        assertThat(roster.expectedBack()).hasSize(4);
        assertThat(roster.repairSuspended()).contains("4 of 11 workers are lost at once");
    }

    @Test
    void ofALargePoolAThirdMayBeLostAtOnce() {
        ready(10);
        lost(5);
        assertThat(call().repairSuspended()).isEmpty();

        lost(1);
        assertThat(call().repairSuspended()).isPresent();
    }

    @Test
    void nothingIsRepairedOnACloudThatDoesNotAnswerNorWithoutQuorum() {
        lost(Duration.ofHours(1));
        world.unknownClouds.add("cloud");
        assertThat(call().givenUp()).isEmpty();

        world.unknownClouds.clear();
        world.quorum = false;
        assertThat(call().givenUp()).isEmpty();
        world.quorum = true;
        assertThat(call().givenUp()).hasSize(1);
    }

    @Test
    void aMachineThatNeverJoinedIsCountedAsSuch() {
        World.Member late = world.add("pool", WorkerState.BOOTING);
        late.since = world.now.minus(Duration.ofMinutes(16));

        assertThat(call().neverJoined()).isEqualTo(1);
        assertThat(call().givenUp()).hasSize(1);
    }

    @Test
    void whatWasSentAwayCountsNoMoreWhateverItsStateSays() {
        World.Member sent = world.add("pool", WorkerState.BOOTING);
        sent.since = world.now;
        remember(new TreeSet<>(List.of(sent.id)), new TreeSet<>());

        PoolRoster roster = call();
        assertThat(roster.counting()).isEmpty();
        assertThat(roster.givenUp()).hasSize(1);
        assertThat(roster.newlyGivenUp()).as("that was before").isZero();
    }

    @Test
    void whoseDrainWasCancelledJustNowCountsAgain() {
        World.Member called = world.add("pool", WorkerState.CORDONED);
        called.drainedByUs = true;
        world.busy.add(Action.subjectOf(called.id));
        remember(new TreeSet<>(), new TreeSet<>(List.of(called.id)));

        assertThat(call().counting()).extracting(Worker::id).containsExactly(called.id);
        assertThat(call().calledBack()).containsExactly(called.id);
    }

    @Test
    void aLostWorkerThatWasLeavingLeavesNothingMissing() {
        World.Member leaving = lost(Duration.ofSeconds(1));
        leaving.drainedByUs = true;

        assertThat(call().givenUp()).hasSize(1);
        assertThat(call().newlyGivenUp()).isZero();
    }

    private void ready(int count) {
        for (int i = 0; i < count; i++) {
            world.add("pool", WorkerState.READY);
        }
    }

    private void lost(int count) {
        for (int i = 0; i < count; i++) {
            lost(Duration.ofMinutes(10));
        }
    }

    private World.Member lost(Duration age) {
        World.Member member = world.add("pool", WorkerState.LOST);
        member.since = world.now.minus(age);
        member.status = Node.Status.DOWN;
        member.machine = MachineStatus.RUNNING;
        return member;
    }

    private void remember(TreeSet<WorkerId> sentAway, TreeSet<WorkerId> calledBack) {
        world.memory = world.memory.withPool(
                "pool",
                new PoolMemory(
                        0,
                        Optional.empty(),
                        new TreeMap<>(),
                        sentAway,
                        calledBack,
                        0,
                        new TreeMap<>(),
                        Optional.empty(),
                        ConsolidationMemory.EMPTY));
    }

    private PoolRoster call() {
        ClusterState state = world.state();
        return RollCall.of(
                state,
                world.pools.get("pool"),
                world.memory,
                List.copyOf(state.workers().values()));
    }
}
