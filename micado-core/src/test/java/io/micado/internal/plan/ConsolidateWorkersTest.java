package io.micado.internal.plan;

import static io.micado.internal.plan.TwoLevelPlannerTest.decision;
import static io.micado.internal.plan.TwoLevelPlannerTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.worker.Consolidation;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The step {@link ConsolidateWorkers}. */
class ConsolidateWorkersTest {
    private static final TargetId POOL = TargetId.pool("pool");
    private static final Offering SMALL = priced("small", 4, 0.1);
    private static final Offering LARGE = priced("large", 16, 0.5);
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final World world = new World();

    @Test
    void replacesALargeWorkerWhoseTasksFitOnASmallOne() {
        pool(pool -> pool);
        World.Member large = worker(LARGE, 3);
        world.say(POOL, 1);

        List<Action> actions = untilRest();

        assertThat(actions)
                .extracting(action -> action.getClass().getSimpleName())
                .as("the new one is there before the old one goes")
                .containsExactly("Launch", "Cordon", "Drain", "Retire");
        assertThat(offerings()).containsExactly("small");
        assertThat(world.members).doesNotContainKey(large.id);
        assertThat(world.tasks).allSatisfy(task -> assertThat(task.node).isPresent());
    }

    @Test
    void waitsForTheWindowAndUntilNotDoingItHasCostMore() {
        pool(pool -> pool.consolidation(Consolidation.ON.withMoveCost(0.05)));
        worker(LARGE, 3);
        world.say(POOL, 1);

        Plan watched = world.plan();
        assertThat(watched.actions()).isEmpty();
        assertThat(decision(watched, POOL).reason())
                .isEqualTo("stays at 1 workers: says 1; 1 of small in place of w00000 (large) would save 0.4 an hour;"
                        + " watched since 2030-01-01T00:00:00Z");
        world.now = world.now.plus(Duration.ofMinutes(22));
        assertThat(world.plan().actions()).as("0.147 lost, 0.153 to pay").isEmpty();
        world.now = world.now.plus(Duration.ofMinutes(2));
        Plan plan = world.plan();
        assertThat(only(plan, Action.Launch.class).alternatives()).isEmpty();
        Decision decision = decision(plan, POOL);
        assertThat(decision.binding()).isEqualTo(Rule.COST);
        assertThat(decision.reason())
                .isEqualTo("1 -> 2 workers: 1 of small in place of w00000 (large) saves 0.4 an hour and moves 3 tasks"
                        + " (3.00 cores, 3072 MiB); not doing it has cost 0.16 in 1440 s, the change costs 0.153"
                        + " (policy: says 1)");
    }

    @Test
    void isNoChangeToRatesAndRecommendations() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        untilRest();

        assertThat(world.memory.target(POOL).changes()).isEmpty();
        assertThat(world.memory.target(POOL).recommendations())
                .extracting(stamped -> stamped.count())
                .containsOnly(1);
    }

    @Test
    void isOffUnlessAskedFor() {
        pool(pool -> pool.consolidation(Consolidation.OFF));
        worker(LARGE, 3);
        world.say(POOL, 1);

        assertThat(untilRest()).isEmpty();
    }

    @Test
    void isOffWhereNobodyMayBeDisturbed() {
        pool(pool -> pool.maxDisruptedWorkers(0));
        worker(LARGE, 3);
        world.say(POOL, 1);

        assertThat(untilRest()).isEmpty();
    }

    @Test
    void needsPricesOfWorkerAndOffering() {
        world.with(base().offering(World.offering("small", World.SMALL))
                .offering(LARGE)
                .build());
        worker(LARGE, 3);
        world.say(POOL, 1);

        assertThat(untilRest()).isEmpty();
    }

    @Test
    void savesAtLeastTheShareThatIsAskedFor() {
        pool(pool -> pool.consolidation(Consolidation.ON.withLeastSaving(0.81)));
        worker(LARGE, 3);
        world.say(POOL, 1);
        assertThat(untilRest()).isEmpty();

        pool(pool -> pool.consolidation(Consolidation.ON.withLeastSaving(0.79)));
        assertThat(untilRest()).isNotEmpty();
    }

    @Test
    void leavesHeadroomWhereItIs() {
        pool(pool -> pool.headroom(Headroom.of(Resources.ofMebibytes(4, 1024))));
        worker(LARGE, 3);
        world.say(POOL, 1);

        untilRest();
        assertThat(offerings()).as("7 cores").containsExactly("small", "small");
    }

    @Test
    void reckonsWithWhatTasksReallyUse() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        world.measure("web", 1.5, 100);

        assertThat(untilRest())
                .filteredOn(Action.Launch.class::isInstance)
                .extracting(launch -> ((Action.Launch) launch).count())
                .as("4.5 cores in use fill 7.5 cores to 60 %, of which a small one has 4")
                .first()
                .isEqualTo(3);
    }

    @Test
    void doesNotGoBeyondTheMaximum() {
        pool(pool -> pool.between(1, 1));
        worker(LARGE, 3);
        world.say(POOL, 1);

        assertThat(untilRest()).isEmpty();
    }

    @Test
    void leavesAPoolAloneThatIsHeld() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.memory = world.memory.withHold(POOL, new Hold(1, Optional.empty()));

        assertThat(untilRest()).isEmpty();
    }

    @Test
    void leavesAPoolAloneWhoseLoadNobodyKnows() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.recommendations.put(
                POOL, Recommendation.of(1, "half of the metrics").asLowerBound());
        assertThat(untilRest()).isEmpty();

        world.recommendations.put(POOL, Recommendation.unknown("no metrics"));
        assertThat(untilRest()).isEmpty();
    }

    @Test
    void sparesJobsAndServicesThatKeepTheirWorker() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        world.services.get("web").labels.put(Tags.SERVICE_KEEP_WORKER, "true");
        assertThat(untilRest()).isEmpty();

        world.services.get("web").labels.clear();
        world.services.get("web").mode = ServiceState.Mode.JOB;
        assertThat(untilRest()).isEmpty();
    }

    @Test
    void sparesWhomTheHostProgramDoesNotName() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        world.releaseOrder.put("pool", List.of());

        assertThat(untilRest()).isEmpty();
    }

    @Test
    void beginsAnewWhenThePoolWasNotQuiet() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        passes(WINDOW.minusSeconds(30));
        world.add("pool", SMALL, WorkerState.BOOTING).since = world.now;
        world.pass();
        world.members.pollLastEntry();

        assertThat(passes(Duration.ofMinutes(9))).isEmpty();
    }

    @Test
    void replacesOneAfterTheOther() {
        pool(pool -> pool.maxDisruptedWorkers(5));
        worker(LARGE, 3);
        worker(LARGE, 3);
        worker(LARGE, 3);
        world.say(POOL, 3);

        int most = 0;
        for (int i = 0; i < 1000; i++) {
            world.pass();
            world.later(Duration.ofSeconds(5));
            most = Math.max(most, world.members.size());
        }
        assertThat(most).isEqualTo(4);
        assertThat(offerings()).containsExactly("small", "small", "small");
    }

    @Test
    void staysWithWhatItHasWhenTheGuardKeepsSayingNo() {
        pool(pool -> pool);
        World.Member large = worker(LARGE, 3);
        world.say(POOL, 1);
        world.guardAnswers.put(large.id, false);

        List<Action> actions = passes(Duration.ofHours(3));

        assertThat(actions.stream().filter(Action.Launch.class::isInstance))
                .as("not again in the same situation")
                .hasSize(1);
        assertThat(offerings()).containsExactly("large");
        assertThat(world.memory.pool("pool").consolidation().regret()).isPresent();
    }

    @Test
    void isTriedLessAndLessOftenWhenTheNewWorkerNeverJoins() {
        pool(pool -> pool.joinTimeout(Duration.ofMinutes(3)));
        worker(LARGE, 3);
        world.say(POOL, 1);
        world.machinesJoin = false;

        List<Action> actions = passes(Duration.ofHours(3));

        assertThat(actions.stream().filter(Action.Launch.class::isInstance))
                .as("10, 20, 40 … minutes apart")
                .hasSizeBetween(2, 5);
        assertThat(actions).noneMatch(Action.Cordon.class::isInstance);
        assertThat(offerings()).containsExactly("large");
    }

    @Test
    void isBrokenOffWhenLoadReturnsInTheMeantime() {
        pool(pool -> pool);
        World.Member large = worker(LARGE, 3);
        world.say(POOL, 1);
        passes(WINDOW.plusSeconds(20));
        assertThat(world.members).hasSize(2);
        world.say(POOL, 2);

        List<Action> actions = passes(Duration.ofMinutes(5));
        assertThat(actions).isEmpty();
        assertThat(world.members).containsKey(large.id);
        assertThat(world.memory.pool("pool").consolidation().underWay()).isEmpty();
    }

    @Test
    void isRegrettedWhenThePoolGrowsAgainSoon() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        untilRest();
        assertThat(world.memory.pool("pool").consolidation().done()).isPresent();
        world.services.get("web").replicas = 9;
        world.say(TargetId.service("web"), 9);
        world.settle();

        passes(Duration.ofMinutes(1));
        assertThat(world.memory.pool("pool").consolidation().regret()).isPresent();
    }

    @Test
    void isForgivenWhenItLasts() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        untilRest();

        passes(Duration.ofMinutes(70));
        assertThat(world.memory.pool("pool").consolidation()).isEqualTo(ConsolidationMemory.EMPTY);
    }

    @Test
    void isOnlySaidInADryRun() {
        pool(pool -> pool);
        worker(LARGE, 3);
        world.say(POOL, 1);
        PlannerMemory before = world.memory;
        for (int i = 0; i < 200; i++) {
            Plan plan = world.plan();
            world.memory = plan.memory().asIfNothingWasDone(before);
            before = world.memory;
            world.now = world.now.plusSeconds(5);
        }

        assertThat(world.memory.pool("pool").consolidation().underWay()).isEmpty();
        assertThat(only(world.plan(), Action.Launch.class).offering().name()).isEqualTo("small");
    }

    @Test
    void movesASingleReplicaOnlyAfterAnotherOneRuns() {
        pool(pool -> pool);
        worker(LARGE, 1);
        world.say(POOL, 1);

        untilRest();
        assertThat(offerings()).containsExactly("small");
        assertThat(world.services.get("web").replicas).isEqualTo(1);
    }

    private List<Action> untilRest() {
        return passes(WINDOW.plusMinutes(5));
    }

    private List<Action> passes(Duration time) {
        return world.passes((int) (time.toSeconds() / 5));
    }

    private List<String> offerings() {
        return world.members.values().stream()
                .map(member -> member.offering.name())
                .toList();
    }

    private static WorkerPool.Builder base() {
        return World.pool("pool", 1, 10)
                .behavior(Behavior.IMMEDIATE.withStabilization(Duration.ZERO, WINDOW))
                .consolidation(Consolidation.ON);
    }

    private void pool(UnaryOperator<WorkerPool.Builder> how) {
        world.with(how.apply(base().offering(LARGE).offering(SMALL)).build());
    }

    /** A worker that runs so many replicas of the service web, one core every one. */
    private World.Member worker(Offering offering, int replicas) {
        World.Member member = world.add("pool", offering, WorkerState.READY);
        int before = world.tasks.size();
        for (int i = 0; i < replicas; i++) {
            world.tasks.add(new World.Task("t" + (before + i), "web", Phase.RUNNING, Optional.of(member.nodeId())));
        }
        world.service("web", before + replicas);
        world.say(TargetId.service("web"), before + replicas);
        return member;
    }

    private static Offering priced(String name, int cores, double price) {
        return Offering.builder("cloud", name)
                .name(name)
                .capacity(Resources.ofMebibytes(cores, 2048L * cores))
                .pricePerHour(price)
                .build();
    }
}
