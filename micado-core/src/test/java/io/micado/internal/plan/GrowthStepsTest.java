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
