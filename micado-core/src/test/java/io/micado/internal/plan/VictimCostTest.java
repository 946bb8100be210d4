package io.micado.internal.plan;

import static io.micado.internal.plan.TwoLevelPlannerTest.decision;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import io.micado.internal.plan.PoolMemory.Regret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which workers go first where prices differ: {@link Releasing}. */
class VictimCostTest {
    private static final TargetId POOL = TargetId.pool("pool");
    private static final Offering CHEAP = offering("cheap", 4, 0.1);
    private static final Offering DEAR = offering("dear", 4, 0.3);
    private static final Offering BIG = offering("big", 16, 0.5);
    private static final Offering UNPRICED = World.offering("unpriced", Resources.ofMebibytes(4, 8192));

    private final World world = new World();
    private int tasks;

    @Test
    void ofEmptyOnesTheDearestGoesHoweverOldItIs() {
        pool(1, CHEAP, DEAR);
        World.Member old = worker(DEAR, 0);
        old.since = world.now.minusSeconds(9_000);
        worker(CHEAP, 0);
        worker(CHEAP, 0);

        assertThat(firstToGo(2)).isEqualTo(old.id);
    }

    @Test
    void anEmptyOneGoesBeforeAnyThatRunsSomething() {
        pool(1, CHEAP, DEAR);
        World.Member empty = worker(CHEAP, 0);
        worker(DEAR, 1);
        worker(CHEAP, 1);

        assertThat(firstToGo(2)).isEqualTo(empty.id);
    }

    @Test
    void ofLoadedOnesThatWhichSavesMostForWhatMoves() {
        pool(1, CHEAP, DEAR);
        worker(CHEAP, 1);
        World.Member dear = worker(DEAR, 2);
        worker(CHEAP, 1);

        assertThat(firstToGo(2)).as("two cores for 0.3 rather than one for 0.1").isEqualTo(dear.id);
    }

    @Test
    void theShareOfAWorkerThatIsInUseSaysNothingOfWhatMoves() {
        pool(1, BIG, CHEAP);
        worker(BIG, 6);
        World.Member small = worker(CHEAP, 1);
        worker(BIG, 6);

        assertThat(firstToGo(2)).as("6 cores for 0.5, 1 core for 0.1").isEqualTo(small.id);
    }

    @Test
    void ofTheSameUseThatWithTheFewestTasks() {
        pool(1, CHEAP);
        World.Member many = worker(CHEAP, 0);
        World.Member few = worker(CHEAP, 0);
        few.since = world.now.minusSeconds(9_000);
        worker(CHEAP, 0);
        service("tiny", 0.5, many, 2);
        service("web", 1, few, 1);
        service("db", 2, world.members.lastEntry().getValue(), 1);

        assertThat(firstToGo(2)).isEqualTo(few.id);
    }

    @Test
    void whereAPriceIsUnknownTheLeastLoadedGoes() {
        pool(1, UNPRICED, DEAR);
        World.Member least = worker(UNPRICED, 1);
        worker(DEAR, 2);
        worker(UNPRICED, 2);

        assertThat(firstToGo(2)).isEqualTo(least.id);
        assertThat(decision(world.plan(), POOL).reason()).endsWith("; releasing 1 moves 1 task (1.00 cores, 1024 MiB)");
    }

    @Test
    void theHostProgramsOrderCountsMore() {
        pool(1, CHEAP, DEAR);
        World.Member cheap = worker(CHEAP, 1);
        World.Member dear = worker(DEAR, 0);
        worker(CHEAP, 1);
        world.releaseOrder.put("pool", List.of(cheap.id, dear.id));

        assertThat(firstToGo(2)).isEqualTo(cheap.id);
    }

    @Test
    void anEmptyOneGoesWhileThoseThatTheHostProgramNamesBeforeItMayNot() {
        pool(1, CHEAP, DEAR);
        World.Member busy = worker(CHEAP, 1);
        World.Member empty = worker(DEAR, 0);
        worker(CHEAP, 1);
        world.releaseOrder.put("pool", List.of(busy.id, empty.id));
        regretTheLastRelease();

        assertThat(firstToGo(2)).isEqualTo(empty.id);
    }

    private void regretTheLastRelease() {
        PoolMemory before = world.memory.pool("pool");
        Regret regret = new Regret(1, world.now.plus(Duration.ofMinutes(10)), 0);
        world.memory = world.memory.withPool(
                "pool",
                new PoolMemory(
                        before.joinFailures(),
                        before.launchesStoppedUntil(),
                        before.arrivingSince(),
                        before.sentAway(),
                        before.calledBack(),
                        before.missing(),
                        before.refusedUntil(),
                        Optional.of(regret),
                        before.consolidation()));
    }

    @Test
    void theDecisionAndTheActionSayWhatIsSavedAndWhatMoves() {
        pool(2, CHEAP, DEAR);
        worker(DEAR, 0);
        worker(DEAR, 2);
        worker(CHEAP, 2);
        worker(CHEAP, 2);
        settle(2);

        Plan plan = world.plan();
        Decision decision = decision(plan, POOL);
        assertThat(decision.reason())
                .isEqualTo(
                        "4 -> 2 workers: says 2; releasing 2 saves 0.6 an hour and moves 2 tasks (2.00 cores, 2048 MiB)");
        assertThat(decision.steps()).anySatisfy(step -> assertThat(step.rule()).isEqualTo(Rule.COST));
        assertThat(plan.actions())
                .extracting(Action::reason)
                .containsExactly(
                        "2 workers are wanted; it runs nothing, which saves 0.3 an hour",
                        "2 workers are wanted; 50 % of it are in use; it moves 2 tasks (2.00 cores, 2048 MiB) to where"
                                + " they fit, which saves 0.3 an hour");
    }

    private WorkerId firstToGo(int wanted) {
        settle(wanted);
        return world.plan().actions().stream()
                .filter(Action.Cordon.class::isInstance)
                .map(action -> ((Action.Cordon) action).worker())
                .findFirst()
                .orElseThrow();
    }

    private void settle(int wanted) {
        if (tasks > 0) {
            world.service("web", tasks);
            world.say(TargetId.service("web"), tasks);
        }
        world.say(POOL, wanted);
    }

    private void pool(int disrupted, Offering... offerings) {
        WorkerPool.Builder pool =
                World.pool("pool", 0, 10).behavior(Behavior.IMMEDIATE).maxDisruptedWorkers(disrupted);
        List.of(offerings).forEach(pool::offering);
        world.with(pool.build());
    }

    /** A worker that runs so many replicas of the service web, one core every one. */
    private World.Member worker(Offering offering, int replicas) {
        World.Member member = world.add("pool", offering, WorkerState.READY);
        for (int i = 0; i < replicas; i++) {
            run("web", member);
            tasks++;
        }
        return member;
    }

    private void service(String name, double cores, World.Member member, int replicas) {
        world.service(name, replicas).reservation = Resources.ofMebibytes(cores, (long) (cores * 1024));
        world.say(TargetId.service(name), replicas);
        for (int i = 0; i < replicas; i++) {
            run(name, member);
        }
    }

    private void run(String service, World.Member member) {
        world.tasks.add(new World.Task("t" + world.tasks.size(), service, Phase.RUNNING, Optional.of(member.nodeId())));
    }

    private static Offering offering(String name, int cores, double price) {
        return Offering.builder("cloud", name)
                .name(name)
                .capacity(Resources.ofMebibytes(cores, 2048L * cores))
                .pricePerHour(price)
                .build();
    }
}
