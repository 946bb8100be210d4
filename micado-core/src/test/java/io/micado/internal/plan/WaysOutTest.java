package io.micado.internal.plan;

import static io.micado.internal.plan.TwoLevelPlannerTest.decision;
import static io.micado.internal.plan.TwoLevelPlannerTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The steps that send workers away or take them back: {@link ReleaseEmptyWorkers}, {@link ReleaseUnderusedWorkers},
 * {@link ContinueLeaving}, {@link ReclaimLeavingWorkers}, {@link RepairWorkers}, {@link RebalanceServices} and
 * {@link RemoveLeftovers}.
 */
class WaysOutTest {
    private static final TargetId POOL = TargetId.pool("pool");

    private final World world = new World();

    @Nested
    class Releasing {
        @Test
        void beginsWithTheEmptyWorkerThatIsYoungest() {
            pool(pool -> pool.maxDisruptedWorkers(1));
            world.add("pool", WorkerState.READY);
            World.Member young = world.add("pool", WorkerState.READY);
            young.since = world.now.minusSeconds(60);
            world.add("pool", WorkerState.READY);
            world.say(POOL, 1);

            assertThat(cordoned(world.plan())).containsExactly(young.id);
        }

        @Test
        void isNeverDoneWhereNobodyMayBeDisturbed() {
            pool(pool -> pool.maxDisruptedWorkers(0));
            place(0, 0, 0);
            world.say(POOL, 1);

            Plan plan = world.plan();
            assertThat(plan.actions()).isEmpty();
            assertThat(decision(plan, POOL).binding()).isEqualTo(Rule.DISRUPTION_BUDGET);
            assertThat(decision(plan, POOL).reason())
                    .contains("no more than 0 workers may be on their way out at once");
        }

        @Test
        void goesOnWithTheLeastLoadedOneWhoseTasksFitElsewhere() {
            pool(pool -> pool.maxDisruptedWorkers(1));
            place(3, 1, 2);
            world.say(POOL, 2);

            assertThat(cordoned(world.plan())).containsExactly(new WorkerId("w00001"));
        }

        @Test
        void keepsAWorkerWhoseTasksWouldFitNowhere() {
            pool(pool -> pool);
            place(3, 3);
            world.say(POOL, 1);

            Plan plan = world.plan();
            assertThat(plan.actions()).isEmpty();
            assertThat(decision(plan, POOL).binding()).isEqualTo(Rule.PLACEMENT);
            assertThat(decision(plan, POOL).reason()).contains("would fit nowhere else");
        }

        @Test
        void disruptsNoMoreWorkersAtOnceThanTheBudgetAllows() {
            pool(pool -> pool.maxDisruptedWorkers(2));
            place(0, 0, 0, 0, 0);
            world.say(POOL, 0);

            assertThat(cordoned(world.pass())).hasSize(2);
            Plan next = world.plan();
            assertThat(cordoned(next)).as("while two are on their way").isEmpty();
            assertThat(decision(next, POOL).binding()).isEqualTo(Rule.DISRUPTION_BUDGET);
        }

        @Test
        void sparesTheHeadroom() {
            pool(pool -> pool.headroom(Headroom.of(Resources.ofMebibytes(8, 1024))));
            place(1, 0, 0);
            world.say(POOL, 1);

            Plan plan = world.plan();
            assertThat(cordoned(plan)).as("9 cores are needed").isEmpty();
            assertThat(decision(plan, POOL).binding()).isEqualTo(Rule.HEADROOM);
            pool(pool -> pool.headroom(Headroom.of(Resources.ofMebibytes(5, 1024))));
            assertThat(cordoned(world.plan())).as("6 cores are needed").hasSize(1);
        }

        @Test
        void sparesWorkersOnACloudThatDoesNotAnswer() {
            pool(pool -> pool);
            place(0, 0);
            world.say(POOL, 0);
            world.unknownClouds.add("cloud");

            assertThat(world.plan().actions()).isEmpty();
            assertThat(decision(world.plan(), POOL).binding()).isEqualTo(Rule.UNKNOWN);
        }

        @Test
        void sparesTheWorkerOfAServiceThatKeepsIt() {
            pool(pool -> pool);
            place(1, 2);
            world.services.get("web").labels.put(Tags.SERVICE_KEEP_WORKER, "true");
            world.say(POOL, 1);

            Plan plan = world.plan();
            assertThat(plan.actions()).isEmpty();
            assertThat(decision(plan, POOL).reason()).contains("service web keeps its worker");
        }

        @Test
        void goesByTheOrderOfTheHostProgramAndSparesWhatThatDoesNotName() {
            pool(pool -> pool.maxDisruptedWorkers(1));
            place(0, 1, 2);
            world.say(POOL, 1);
            world.releaseOrder.put("pool", List.of(new WorkerId("w00002"), new WorkerId("w00001")));
            assertThat(cordoned(world.plan())).containsExactly(new WorkerId("w00002"));

            world.releaseOrder.put("pool", List.of());
            Plan plan = world.plan();
            assertThat(plan.actions()).isEmpty();
            assertThat(decision(plan, POOL).binding()).isEqualTo(Rule.GUARD);
        }

        @Test
        void sparesAJobsWork() {
            pool(pool -> pool);
            place(1, 0);
            world.services.get("web").mode = ServiceState.Mode.JOB;
            world.say(POOL, 1);

            assertThat(cordoned(world.plan())).as("the empty one").containsExactly(new WorkerId("w00001"));
            world.members.remove(new WorkerId("w00001"));
            world.say(POOL, 0);
            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void sendsNobodyAwayWhileOthersAreLaunched() {
            pool(pool -> pool);
            place(0, 0);
            world.busy.add(Action.subjectOfLaunch("pool", "small"));
            world.say(POOL, 0);

            assertThat(world.plan().actions()).isEmpty();
        }
    }

    @Nested
    class Leaving {
        @Test
        void waitsForTheGuardsAnswer() {
            World.Member leaving = leaving(WorkerState.CORDONED);
            world.guardAllows = false;
            assertThat(world.plan().actions()).isEmpty();

            world.guardAnswers.put(leaving.id, true);
            assertThat(only(world.plan(), Action.Drain.class).worker()).isEqualTo(leaving.id);
        }

        @Test
        void endsWhenTheGuardSaysNoAndIsNotTriedAgainForAWhile() {
            World.Member leaving = leaving(WorkerState.CORDONED);
            world.guardAnswers.put(leaving.id, false);

            assertThat(only(world.pass(), Action.CancelDrain.class).worker()).isEqualTo(leaving.id);
            Plan next = world.plan();
            assertThat(cordoned(next)).doesNotContain(leaving.id);
            assertThat(next.memory().pool("pool").refusedUntil()).containsKey(leaving.id);
        }

        @Test
        void endsWithTheMachineOnceTheTasksHaveLeft() {
            World.Member leaving = leaving(WorkerState.DRAINING);

            assertThat(only(world.plan(), Action.Retire.class).worker()).isEqualTo(leaving.id);
        }

        @Test
        void endsAtTheDrainDeadlineEvenIfTasksAreStillThere() {
            pool(pool -> pool.drainDeadline(Duration.ofMinutes(2)));
            place(1, 0);
            World.Member leaving = world.members.get(new WorkerId("w00000"));
            leaving.drainedByUs = true;
            leaving.state = WorkerState.DRAINING;
            leaving.since = world.now.minusSeconds(119);
            world.say(POOL, 1);
            assertThat(retired(world.plan())).isEmpty();

            leaving.since = world.now.minusSeconds(120);
            Action.Retire retire = only(world.plan(), Action.Retire.class);
            assertThat(retire.reason()).contains("1 tasks did not leave within the drain deadline");
        }

        @Test
        void isRepeatedUntilTheMachineIsGone() {
            World.Member leaving = leaving(WorkerState.LEAVING);
            assertThat(retired(world.plan())).containsExactly(leaving.id);

            leaving.state = WorkerState.TERMINATING;
            assertThat(retired(world.plan())).as("its node is still there").containsExactly(leaving.id);
        }

        @Test
        void standsStillWithoutQuorum() {
            leaving(WorkerState.DRAINING);
            world.quorum = false;

            assertThat(world.plan().actions()).isEmpty();
        }

        private World.Member leaving(WorkerState state) {
            pool(pool -> pool);
            place(1, 0);
            World.Member leaving = world.members.get(new WorkerId("w00001"));
            leaving.drainedByUs = true;
            world.enter(leaving, state);
            world.say(POOL, 1);
            return leaving;
        }
    }

    @Nested
    class ComingBack {
        @Test
        void isForWorkersThatThePolicyWantsAgain() {
            World.Member leaving = draining();
            world.say(POOL, 2);

            Plan plan = world.plan();
            assertThat(only(plan, Action.CancelDrain.class).worker()).isEqualTo(leaving.id);
            assertThat(plan.actions()).noneMatch(Action.Launch.class::isInstance);
        }

        @Test
        void isForWorkersThatWaitingTasksFitOnAndIsRegretted() {
            World.Member leaving = draining();
            world.say(POOL, 1);
            world.services.get("web").replicas = 6;
            world.say(TargetId.service("web"), 6);
            world.settle();

            Plan plan = world.plan();
            assertThat(only(plan, Action.CancelDrain.class).worker()).isEqualTo(leaving.id);
            assertThat(plan.memory().pool("pool").regret()).isPresent();
        }

        @Test
        void isNotForWorkersThatNobodyNeeds() {
            draining();
            world.say(POOL, 1);

            assertThat(world.plan().actions()).noneMatch(Action.CancelDrain.class::isInstance);
        }

        @Test
        void isTooLateOnceTheLeaveIsWrittenDown() {
            World.Member leaving = draining();
            leaving.state = WorkerState.LEAVING;
            world.say(POOL, 2);

            assertThat(world.plan().actions()).noneMatch(Action.CancelDrain.class::isInstance);
        }

        private World.Member draining() {
            pool(pool -> pool);
            place(2, 0);
            World.Member leaving = world.members.get(new WorkerId("w00001"));
            leaving.drainedByUs = true;
            world.enter(leaving, WorkerState.DRAINING);
            return leaving;
        }
    }

    @Nested
    class Repair {
        @Test
        void retiresALostWorkerAndLaunchesAnotherOne() {
            pool(pool -> pool);
            place(0, 0);
            World.Member lost = lost();
            world.say(POOL, 3);

            Plan plan = world.plan();
            assertThat(retired(plan)).containsExactly(lost.id);
            assertThat(only(plan, Action.Launch.class).count()).isEqualTo(1);
        }

        @Test
        void isDoneAlsoWhereNobodyMayBeDisturbed() {
            pool(pool -> pool.maxDisruptedWorkers(0));
            place(0, 0);
            World.Member lost = lost();
            world.say(POOL, 3);

            assertThat(retired(world.plan())).containsExactly(lost.id);
        }

        @Test
        void launchesTheOtherOneAlsoWhenThatCouldNotBeDoneAtOnce() {
            pool(pool -> pool);
            place(0, 0);
            lost();
            world.memory = world.memory.launchFailed(
                    "pool", "small", ErrorKind.TRANSIENT, Optional.empty(), "hiccup", world.now);
            world.recommendations.remove(POOL);
            assertThat(world.pass().actions()).noneMatch(Action.Launch.class::isInstance);

            world.later(Duration.ofSeconds(5));
            assertThat(only(world.plan(), Action.Launch.class).count()).isEqualTo(1);
        }

        @Test
        void warnsOnceWhileTooManyAreLost() {
            pool(pool -> pool);
            for (int i = 0; i < 4; i++) {
                lost();
            }

            assertThat(world.plan().events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.message()).contains("4 of 4 workers are lost at once"));
            assertThat(world.plan().events()).isEmpty();
        }

        private World.Member lost() {
            World.Member lost = world.add("pool", WorkerState.LOST);
            lost.machine = MachineStatus.RUNNING;
            return lost;
        }
    }

    @Nested
    class Rebalance {
        @Test
        void isForServicesThatAskForItAndAreCrowdedWhileAWorkerRunsNoneOfThem() {
            crowd();
            assertThat(only(world.plan(), Action.Rebalance.class).service()).isEqualTo("web");
        }

        @Test
        void isNotForOthers() {
            crowd();
            world.services.get("web").rebalance = false;
            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void pausesForTenMinutes() {
            crowd();
            world.pass();
            world.now = world.now.plus(Duration.ofMinutes(9));
            assertThat(world.plan().actions()).isEmpty();

            world.now = world.now.plus(Duration.ofMinutes(2));
            assertThat(world.plan().actions()).singleElement().isInstanceOf(Action.Rebalance.class);
        }

        @Test
        void waitsForARollOutToEnd() {
            crowd();
            world.services.get("web").updating = true;
            assertThat(world.plan().actions()).isEmpty();
        }

        private void crowd() {
            pool(pool -> pool);
            place(2, 0);
            world.services.get("web").rebalance = true;
            world.say(POOL, 2);
        }
    }

    @Nested
    class Leftovers {
        @Test
        void areRemovedUnlessInUseOrOnACloudThatDoesNotAnswer() {
            pool(pool -> pool);
            Leftover drive = new Leftover("cloud", "drive", "d1", true, false);
            world.leftovers.add(drive);
            assertThat(only(world.plan(), Action.RemoveLeftover.class).leftover())
                    .isEqualTo(drive);

            world.unknownClouds.add("cloud");
            assertThat(world.plan().actions()).isEmpty();
        }
    }

    private void pool(UnaryOperator<WorkerPool.Builder> how) {
        WorkerPool.Builder pool = World.pool("pool", 0, 10)
                .offering(World.offering("small", World.SMALL))
                .behavior(Behavior.IMMEDIATE)
                .maxDisruptedWorkers(10);
        world.with(how.apply(pool).build());
    }

    /** Makes workers that run so many replicas of the service web each, one core every one. */
    private void place(int... tasks) {
        int all = 0;
        for (int each : tasks) {
            World.Member member = world.add("pool", WorkerState.READY);
            for (int i = 0; i < each; i++) {
                world.tasks.add(new World.Task("t" + all++, "web", Phase.RUNNING, Optional.of(member.nodeId())));
            }
        }
        world.service("web", all);
        world.say(TargetId.service("web"), all);
    }

    private static List<WorkerId> cordoned(Plan plan) {
        return plan.actions().stream()
                .filter(Action.Cordon.class::isInstance)
                .map(action -> ((Action.Cordon) action).worker())
                .toList();
    }

    private static List<WorkerId> retired(Plan plan) {
        return plan.actions().stream()
                .filter(Action.Retire.class::isInstance)
                .map(action -> ((Action.Retire) action).worker())
                .toList();
    }
}
