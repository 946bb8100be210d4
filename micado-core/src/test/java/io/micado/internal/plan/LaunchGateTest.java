package io.micado.internal.plan;

import static io.micado.internal.plan.TwoLevelPlannerTest.decision;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaunchGateTest {
    private static final TargetId POOL = TargetId.pool("pool");

    private final World world = new World().withPool("pool", 0, 10, 2);

    @BeforeEach
    void askForMore() {
        world.say(POOL, 5);
    }

    @Test
    void isOpenAsFarAsThePoolsMaximum() {
        world.say(POOL, 50);

        assertThat(launched(world.plan())).isEqualTo(8);
    }

    @Test
    void isClosedWithoutQuorumAsNoMachineCouldJoin() {
        world.quorum = false;

        assertClosed(Rule.UNKNOWN, "quorum");
    }

    @Test
    void letsOnlyThePolicyLeadOutWhileTheClusterDoesNotAnswer() {
        world.clusterKnown = false;
        assertThat(launched(world.plan())).isEqualTo(3);

        world.say(POOL, 2);
        world.service("web", 40);
        assertThat(launched(world.plan())).isZero();
    }

    @Test
    void isClosedWhileALaunchIsOnItsWay() {
        world.busy.add(Action.subjectOfLaunch("pool", "small"));

        assertClosed(Rule.NOT_ACTING, "an earlier launch");
    }

    @Test
    void aLaunchOfAnotherPoolDoesNotCloseIt() {
        world.busy.add(Action.subjectOfLaunch("pool2", "small"));

        assertThat(launched(world.plan())).isEqualTo(3);
    }

    @Test
    void isClosedForAWhileAfterThreeMachinesThatNeverJoinedAndThenLetsOneThroughAtATime() {
        for (int i = 0; i < 3; i++) {
            world.memory = world.memory.neverJoined("pool", world.now);
        }
        Plan stopped = world.plan();
        assertThat(launched(stopped)).isZero();
        assertThat(decision(stopped, POOL).binding()).isEqualTo(Rule.BACK_OFF);
        assertThat(stopped.events())
                .filteredOn(MicadoEvent.Warning.class::isInstance)
                .extracting(MicadoEvent::message)
                .singleElement()
                .asString()
                .contains("3 machines in a row never joined", "2377/tcp");

        world.later(Duration.ofMinutes(5));
        assertThat(launched(world.pass())).as("a probe").isEqualTo(1);
        world.startTime = Duration.ofHours(1);
        assertThat(launched(world.plan())).as("while it arrives").isZero();
        world.startTime = Duration.ZERO;
        world.later(Duration.ofSeconds(1));
        assertThat(launched(world.plan())).as("after it has joined").isEqualTo(2);
    }

    @Test
    void aHoldIsTheCeiling() {
        world.memory = world.memory.withHold(POOL, new Hold(4, Optional.empty()));
        world.service("web", 100);
        world.settle();

        assertThat(launched(world.plan())).isEqualTo(2);
    }

    @Test
    void whatOthersDrainTakesRoomBelowTheMaximum() {
        for (int i = 0; i < 7; i++) {
            world.add("pool", WorkerState.CORDONED);
        }

        assertThat(launched(world.plan())).isEqualTo(1);
    }

    private void assertClosed(Rule rule, String why) {
        Plan plan = world.plan();
        assertThat(launched(plan)).isZero();
        assertThat(decision(plan, POOL).binding()).isEqualTo(rule);
        assertThat(decision(plan, POOL).reason()).contains(why);
    }

    private static int launched(Plan plan) {
        return plan.actions().stream()
                .filter(Action.Launch.class::isInstance)
                .mapToInt(action -> ((Action.Launch) action).count())
                .sum();
    }
}
