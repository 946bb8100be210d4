package io.micado.internal.plan;

import static io.micado.internal.plan.TwoLevelPlannerTest.decision;
import static io.micado.internal.plan.TwoLevelPlannerTest.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The steps that add workers: {@link SatisfyMinimum}, {@link ServePendingTasks} and {@link FollowPolicy}. */
class GrowthStepsTest {
    private static final TargetId POOL = TargetId.pool("pool");

    private final World world = new World();

    @Nested
    class TheMinimum {
        @Test
        void isLaunchedWhateverThePolicySays() {
            world.withPool("pool", 3, 10, 1).say(POOL, 0);

            assertThat(only(world.plan(), Action.Launch.class).count()).isEqualTo(2);
        }

        @Test
        void countsWhatArrives() {
            world.withPool("pool", 3, 10, 1).say(POOL, 0);
            world.add("pool", WorkerState.BOOTING).since = world.now;
            world.add("pool", WorkerState.REQUESTED).since = world.now;

            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void takesTheOfferingThatThePoolPrefersAndIsOpen() {
            world.with(pool(priced("first", 4, 1, "north"), priced("second", 4, 0.1, "south"))
                    .between(2, 5)
                    .build());
            assertThat(only(world.plan(), Action.Launch.class).offering().name())
                    .isEqualTo("first");

            world.unknownClouds.add("north");
            assertThat(only(world.plan(), Action.Launch.class).offering().name())
                    .isEqualTo("second");
        }
    }

    @Nested
    class TasksThatWait {
        @Test
        void getAsManyWorkersAsTheyNeedInOnePass() {
            world.withPool("pool", 0, 10, 1);
            world.service("web", 12);
            world.settle().say(POOL, 1);

            Plan plan = world.plan();

            assertThat(only(plan, Action.Launch.class).count()).isEqualTo(2);
            assertThat(decision(plan, POOL).binding()).isEqualTo(Rule.PENDING_TASKS);
            assertThat(decision(plan, POOL).reason()).contains("8 tasks wait");
        }

        @Test
        void waitForWorkersThatArriveAlready() {
            world.withPool("pool", 0, 10, 1);
            world.add("pool", WorkerState.BOOTING).since = world.now;
            world.add("pool", WorkerState.BOOTING).since = world.now;
            world.service("web", 12);
            world.settle().say(POOL, 3);

            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void getNoWorkerThatCouldNotHelpThem() {
            world.withPool("pool", 0, 10, 1);
            world.service("huge", 1).reservation = Resources.ofMebibytes(5, 1024);
            world.settle().say(POOL, 1);

            Plan plan = world.plan();

            assertThat(plan.actions()).isEmpty();
            assertThat(plan.events())
                    .extracting(MicadoEvent::message)
                    .singleElement()
                    .asString()
                    .contains("service huge: 1 replicas cannot run", "more than any worker");
        }

        @Test
        void getNoneWhenTheyWaitForSomethingElse() {
            world.withPool("pool", 0, 10, 1);
            world.service("web", 12).pendingCause = PendingCause.UNSUPPORTED_PLATFORM;
            world.settle().say(POOL, 1);

            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void areServedByTheFirstPoolThatTakesThem() {
            world.with(World.pool("a", 0, 2)
                    .offering(World.offering("small", World.SMALL))
                    .behavior(Behavior.IMMEDIATE)
                    .build());
            world.with(World.pool("b", 0, 9)
                    .offering(World.offering("small", World.SMALL))
                    .behavior(Behavior.IMMEDIATE)
                    .build());
            world.service("web", 12);
            world.settle();

            assertThat(launches(world.plan()))
                    .extracting(Action.Launch::pool, Action.Launch::count)
                    .containsExactly(tuple("a", 2), tuple("b", 1));
        }

        @Test
        void sayWhyTheyWaitWhenThePoolIsFull() {
            world.withPool("pool", 0, 1, 1);
            world.service("web", 12);
            world.settle().say(POOL, 1);

            assertThat(decision(world.plan(), POOL).binding()).isEqualTo(Rule.BOUNDS);
            assertThat(decision(world.plan(), POOL).reason()).contains("8 of web wait", "no more than 1 workers");
        }

        @Test
        void buyOneWorkerOfUnknownSizeAndWaitUntilItShowsWhatItHas() {
            world.with(
                    pool(Offering.builder("cloud", "odd").build()).between(0, 9).build());
            world.service("web", 12);
            world.settle();

            assertThat(only(world.pass(), Action.Launch.class).count()).isEqualTo(1);
            assertThat(world.plan().actions()).as("while it arrives").isEmpty();
            world.later(Duration.ofMinutes(1));
            assertThat(only(world.plan(), Action.Launch.class).count()).isEqualTo(2);
        }
    }

    @Nested
    class ThePolicy {
        @Test
        void isFollowed() {
            world.withPool("pool", 0, 10, 1).say(POOL, 4);

            Plan plan = world.plan();
            assertThat(only(plan, Action.Launch.class).count()).isEqualTo(3);
            assertThat(only(plan, Action.Launch.class).reason()).isEqualTo("says 4");
            assertThat(decision(plan, POOL).binding()).isEqualTo(Rule.NONE);
        }

        @Test
        void isNotFollowedTwiceWhenTasksWereServedAlready() {
            world.withPool("pool", 0, 10, 1);
            world.service("web", 12);
            world.settle().say(POOL, 3);

            assertThat(only(world.plan(), Action.Launch.class).count()).isEqualTo(2);
        }

        @Test
        void waitsForLostWorkersThatMayComeBack() {
            world.withPool("pool", 0, 10, 2);
            World.Member lost = world.add("pool", WorkerState.LOST);
            lost.since = world.now;
            world.say(POOL, 3);

            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void waitsForAWorkerWhoseCordonIsOnlyJustOnItsWayRatherThanReplacingIt() {
            world.withPool("pool", 0, 10, 2).say(POOL, 1);
            Action.Cordon cordon = only(world.plan(), Action.Cordon.class);
            world.busy.add(cordon.subject());
            world.say(POOL, 2);

            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void isNotKnownWhereNothingIsLaunched() {
            world.withPool("pool", 0, 10, 2);
            world.recommendations.put(POOL, Recommendation.unknown("no metrics"));

            assertThat(world.plan().actions()).isEmpty();
        }
    }

    @Nested
    class TheHeadroom {
        @Test
        void isKeptOnTopOfWhatIsInUse() {
            world.with(pool(World.offering("small", World.SMALL))
                    .between(0, 10)
                    .headroom(Headroom.of(Resources.ofMebibytes(6, 1024)))
                    .build());
            world.add("pool", WorkerState.READY);
            world.service("web", 3);
            world.settle().say(POOL, 1);

            Plan plan = world.plan();
            assertThat(only(plan, Action.Launch.class).count())
                    .as("9 of 4 cores each")
                    .isEqualTo(2);
            assertThat(decision(plan, POOL).binding()).isEqualTo(Rule.HEADROOM);
        }

        @Test
        void isThereAlreadyWhenWhatArrivesIsEnough() {
            world.with(pool(World.offering("small", World.SMALL))
                    .between(0, 10)
                    .headroom(Headroom.of(Resources.ofMebibytes(1, 1024)))
                    .build());
            world.add("pool", WorkerState.READY);
            world.add("pool", WorkerState.BOOTING).since = world.now;
            world.service("web", 4);
            world.settle().say(POOL, 2);

            assertThat(world.plan().actions()).isEmpty();
        }

        @Test
        void isServedByTheSameCheapestMixAsTheTasksThatWait() {
            headroomOf(4, priced("small", 4, 0.1, "north"), priced("big", 8, 0.15, "north"));
            world.service("web", 4);
            world.settle().say(POOL, 0);

            Action.Launch launch = only(world.pass(), Action.Launch.class);
            assertThat(launch.offering().name())
                    .as("rather than two small ones")
                    .isEqualTo("big");
            assertThat(launch.count()).isEqualTo(1);
            assertThat(launch.reason()).isEqualTo("4 tasks wait for a place, and headroom is kept besides");
            world.later(Duration.ofMinutes(2));
            assertThat(world.passes(3)).as("nothing is bought later").isEmpty();
        }

        @Test
        void countsTasksThatWaitForAWorkerThatArrives() {
            headroomOf(4, priced("small", 4, 0.1, "north"));
            world.add("pool", WorkerState.BOOTING).since = world.now;
            world.service("web", 4);
            world.settle().say(POOL, 1);

            assertThat(only(world.pass(), Action.Launch.class).count()).isEqualTo(1);
            world.later(Duration.ofMinutes(2));
            assertThat(world.passes(3)).isEmpty();
        }

        @Test
        void aloneTakesTheCheapestWorkersThatHoldItWhateverThePoolPrefers() {
            headroomOf(
                    5,
                    priced("huge", 32, 1.5, "north"),
                    priced("small", 4, 0.1, "north"),
                    priced("mid", 6, 0.19, "north"));
            world.settle().say(POOL, 0);

            assertThat(launches(world.plan()))
                    .extracting(launch -> launch.offering().name(), Action.Launch::count)
                    .as("6 cores for 0.19 rather than 8 for 0.2 or 32 for 1.5")
                    .containsExactly(tuple("mid", 1));
        }

        @Test
        void takesWhatThePoolPrefersWhereAPriceIsUnknown() {
            headroomOf(5, World.offering("first", World.SMALL), priced("cheap", 4, 0.01, "north"));
            world.settle().say(POOL, 0);

            assertThat(launches(world.plan()))
                    .extracting(launch -> launch.offering().name(), Action.Launch::count)
                    .containsExactly(tuple("first", 2));
        }

        @Test
        void comesAfterTheTasksWhereRoomIsScarce() {
            world.with(pool(priced("small", 4, 0.1, "north"))
                    .between(0, 2)
                    .headroom(Headroom.of(Resources.ofMebibytes(8, 1024)))
                    .build());
            world.service("web", 7);
            world.settle().say(POOL, 0);

            Plan plan = world.plan();
            assertThat(only(plan, Action.Launch.class).count()).isEqualTo(2);
            assertThat(only(plan, Action.Launch.class).reason()).isEqualTo("7 tasks wait for a place");
        }

        @Test
        void growsByItsShareOfTheTasksThatCome() {
            world.with(pool(priced("small", 4, 0.1, "north"))
                    .between(0, 10)
                    .headroom(Headroom.ofShare(0.5))
                    .build());
            world.service("web", 8);
            world.settle().say(POOL, 0);

            assertThat(only(world.pass(), Action.Launch.class).count())
                    .as("8 cores and half as many")
                    .isEqualTo(3);
            world.later(Duration.ofMinutes(2));
            assertThat(world.passes(3)).isEmpty();
        }

        private void headroomOf(double cores, Offering... offerings) {
            world.with(pool(offerings)
                    .between(0, 10)
                    .headroom(Headroom.of(Resources.ofMebibytes(cores, 1024)))
                    .build());
        }
    }

    @Nested
    class Alternatives {
        @Test
        void areAsManyAsTheTasksNeedOfThem() {
            world.with(pool(
                            priced("small", 4, 0.1, "north"),
                            priced("big", 8, 0.9, "south"),
                            priced("tiny", 2, 0.08, "west"))
                    .between(0, 20)
                    .build());
            world.service("web", 16);
            world.settle();

            Action.Launch launch = only(world.plan(), Action.Launch.class);
            assertThat(launch.offering().name()).isEqualTo("small");
            assertThat(launch.count()).isEqualTo(4);
            assertThat(launch.alternatives())
                    .extracting(it -> it.offering().name(), Action.Alternative::count)
                    .as("the cheapest first")
                    .containsExactly(tuple("tiny", 8), tuple("big", 2));
        }

        @Test
        void leadNeverBeyondTheMaximum() {
            world.with(pool(priced("small", 4, 0.1, "north"), priced("tiny", 2, 0.08, "west"))
                    .between(0, 6)
                    .build());
            world.service("web", 16);
            world.settle();

            assertThat(only(world.plan(), Action.Launch.class).alternatives())
                    .extracting(Action.Alternative::count)
                    .containsExactly(6);
        }

        @Test
        void replaceWorkersOneByOneThatAreLaunchedForTheirNumber() {
            world.with(pool(World.offering("small", World.SMALL), World.offering("big", World.SMALL.times(2)))
                    .between(3, 6)
                    .build());

            assertThat(only(world.plan(), Action.Launch.class).alternatives())
                    .extracting(Action.Alternative::count)
                    .containsExactly(3);
        }

        @Test
        void areNoneThatCouldNotTakeTheTasksOrRest() {
            world.with(pool(
                            priced("small", 4, 0.1, "north"),
                            priced("tiny", 2, 0.08, "west"),
                            priced("resting", 4, 0.2, "south"))
                    .between(0, 20)
                    .build());
            world.unknownClouds.add("south");
            world.service("web", 2).reservation = Resources.ofMebibytes(3, 1024);
            world.settle();

            assertThat(only(world.plan(), Action.Launch.class).alternatives()).isEmpty();
        }
    }

    private static WorkerPool.Builder pool(Offering... offerings) {
        WorkerPool.Builder pool = WorkerPool.builder("pool").behavior(Behavior.IMMEDIATE);
        Stream.of(offerings).forEach(pool::offering);
        return pool;
    }

    private static Offering priced(String name, int cores, double price, String cloud) {
        return Offering.builder(cloud, name)
                .name(name)
                .capacity(Resources.ofMebibytes(cores, 2048L * cores))
                .pricePerHour(price)
                .build();
    }

    private static List<Action.Launch> launches(Plan plan) {
        return plan.actions().stream()
                .filter(Action.Launch.class::isInstance)
                .map(Action.Launch.class::cast)
                .toList();
    }
}
