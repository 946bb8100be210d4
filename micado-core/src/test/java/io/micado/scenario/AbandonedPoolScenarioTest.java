package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.VirtualProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of workers whose pool is not configured any more: it was renamed or removed, or its name was mistyped. */
class AbandonedPoolScenarioTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ShopWorld world = new ShopWorld(1);
    private List<String> workers = List.of();

    @BeforeEach
    void runFourReplicasOnTwoWorkers() {
        Program program = world.start("before");
        world.need = 4;
        world.settleAt(4, 2);
        world.after(Duration.ofMinutes(1));
        workers = program.micado().status().workers().stream()
                .map(worker -> worker.id().toString())
                .sorted()
                .toList();
        program.micado().close();
    }

    @Test
    void theyAreNamedAtOnceAndLeaveAfterAWhileAsFarAsTheirTasksHaveAPlaceElsewhere() {
        Program program = renamed("after");
        world.after(PATIENCE.minusSeconds(10));

        assertThat(workersOf("workers")).isEqualTo(2);
        assertThat(world.deeds.of("cluster.set-availability")).isEmpty();
        assertThat(program.warnings("unknown-pool"))
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning).contains("pool workers is not configured", String.join(", ", workers)));

        world.after(Duration.ofMinutes(20));
        assertThat(workersOf("workers")).as("one fits on the new pool").isEqualTo(1);
        assertThat(world.cluster.running("web")).isEqualTo(4);

        world.need = 2;
        world.after(Duration.ofMinutes(20));
        assertThat(workersOf("workers")).isZero();
        assertThat(workersOf("machines")).isEqualTo(1);
        assertThat(world.cluster.running("web")).isEqualTo(2);
        assertThat(world.cluster.counters().tasksKilledByTermination()).isZero();
        assertThat(program.warnings("unknown-pool")).hasSize(1);
        assertThat(program.micado().status().pools())
                .extracting(WorkerPool::name)
                .containsExactly("machines");
        program.micado().close();
    }

    @Test
    void theGuardIsAskedAboutThem() {
        Program program = renamed("after", builder -> builder.drainGuard((worker, tasks) -> false));
        world.after(PATIENCE.multipliedBy(4));

        assertThat(workersOf("workers")).isEqualTo(2);
        assertThat(world.deeds.of("cluster.set-availability")).isNotEmpty();
        program.micado().close();
    }

    @Test
    void aMistakeThatIsMendedInTimeCostsNothing() {
        VirtualProcess process = world.time.process("mistaken");
        Program mistaken = Program.start(process, world.withoutPool(process));
        world.after(PATIENCE.minusMinutes(1));
        mistaken.micado().close();
        Program mended = world.start("mended");
        world.after(PATIENCE.multipliedBy(2));

        assertThat(workersOf("workers")).isEqualTo(2);
        assertThat(world.deeds.of("cluster.set-availability")).isEmpty();
        assertThat(mended.warnings("unknown-pool")).isEmpty();
        mended.micado().close();
    }

    @Test
    void workersOnACloudThatIsNotConfiguredAnyMoreAreLeftAlone() {
        Program program = onAnotherCloud();
        world.after(PATIENCE.multipliedBy(4));

        assertThat(workersOf("workers")).isEqualTo(2);
        assertThat(world.deeds.of("cluster.remove-node")).isEmpty();
        assertThat(world.cluster.running("web")).isEqualTo(4);
        program.micado().close();
    }

    @Test
    void oneThatSomebodySendsAwayLeavesAtOnceAndTheOtherStaysAsLongAsItWould() {
        Program program = renamed("after");
        world.after(Duration.ofMinutes(1));
        world.need = 2;
        world.after(Duration.ofMinutes(1));
        CompletableFuture<Void> sent = program.micado().sendAway(new WorkerId(workers.get(1)));
        world.after(Duration.ofMinutes(3));

        assertThat(sent).isCompleted();
        assertThat(workersLeft("workers")).containsExactly(workers.get(0));
        assertThat(world.cluster.counters().tasksKilledByTermination()).isZero();
        assertThat(world.cluster.running("web")).isEqualTo(2);
        world.after(Duration.ofMinutes(4));
        assertThat(workersLeft("workers")).as("within its while").containsExactly(workers.get(0));
        world.after(Duration.ofMinutes(15));
        assertThat(workersLeft("workers")).isEmpty();
        program.micado().close();
    }

    @Test
    void afterTheWhileTheOneThatSomebodyPicksGoesFirst() {
        Program program = renamed("after", builder -> builder.drainGuard((worker, tasks) -> true));
        world.need = 3;
        world.after(PATIENCE.plusSeconds(5));
        program.micado().sendAway(new WorkerId(workers.get(1)));
        world.after(Duration.ofMinutes(3));

        assertThat(workersLeft("workers")).doesNotContain(workers.get(1));
        program.micado().close();
    }

    @Test
    void oneOfACloudThatIsNotConfiguredAnyMoreIsNotSentAway() {
        Program program = onAnotherCloud();
        world.after(Duration.ofMinutes(1));
        CompletableFuture<Void> sent = program.micado().sendAway(new WorkerId(workers.get(0)));
        world.after(Duration.ofMinutes(1));

        assertThat(sent.handle((done, error) -> error.getMessage()))
                .isCompletedWithValue(
                        "worker " + workers.get(0) + " was not sent away: pool workers is not configured, "
                                + "and no cloud that is configured lists its machine");
        assertThat(world.deeds.of("cluster.set-availability")).isEmpty();
        program.micado().close();
    }

    private Program onAnotherCloud() {
        SimulatedCloud other = SimulatedCloud.builder("other", world.time)
                .joins(world.cluster)
                .offering("small", Resources.ofMebibytes(2, 4096), 0.1)
                .build();
        VirtualProcess process = world.time.process("after");
        return Program.start(
                process,
                Micado.builder()
                        .name("shop")
                        .programId(process.name())
                        .timekeeper(process)
                        .stateStore(world.cluster.stateStore().orElseThrow())
                        .orchestrator(world.deeds.watching(process, world.cluster))
                        .cloud("other", other)
                        .policy("web", PolicySpec.of(in -> Recommendation.of(4, "as the test needs")))
                        .service(ShopWorld.web())
                        .pool(machines("other")));
    }

    private Program renamed(String name) {
        return renamed(name, builder -> builder);
    }

    private Program renamed(String name, UnaryOperator<MicadoBuilder> difference) {
        VirtualProcess process = world.time.process(name);
        return Program.start(
                process, difference.apply(world.withoutPool(process).pool(machines("sim"))));
    }

    private static WorkerPool machines(String cloud) {
        return WorkerPool.builder("machines")
                .between(1, ShopWorld.MOST_WORKERS)
                .offering(cloud, "small", Settings.EMPTY)
                .policy(PolicySpec.of(in -> Recommendation.of(1, "as many as its tasks need")))
                .build();
    }

    private long workersOf(String pool) {
        return workersLeft(pool).size();
    }

    private List<String> workersLeft(String pool) {
        return world.cluster.observe().nodes().stream()
                .filter(node -> pool.equals(node.labels().get(Tags.POOL)))
                .map(node -> node.labels().get(Tags.WORKER))
                .toList();
    }
}
