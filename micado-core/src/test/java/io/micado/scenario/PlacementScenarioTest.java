package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Status.ServiceStatus;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.VirtualProcess;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that have no place: workers for those that can have one, and a word for those that cannot. */
class PlacementScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @Test
    void aReservationThatNoOfferingHasLaunchesNothingAndSaysSo() {
        Program program = world.start("p1", with("huge", service -> service.limit(Resources.ofMebibytes(16, 512))));
        world.need = 4;
        world.after(Duration.ofMinutes(10));

        assertThat(world.cluster.running("huge")).isZero();
        assertThat(world.cluster.running("web")).as("others are served").isEqualTo(4);
        assertThat(world.cloud.look()).hasSize(2);
        assertThat(world.cloud.launches()).hasSize(2);
        assertThat(program.latest(TargetId.service("huge")).to())
                .as("and is not scaled out")
                .isEqualTo(1);
        assertThat(program.warnings("impossible-task"))
                .singleElement()
                .asString()
                .contains("huge")
                .contains("16.00 cores");
        assertThat(status(program, "huge").pending()).isEqualTo(1);
        assertThat(status(program, "huge").problem()).isNotBlank();
        program.micado().close();
    }

    @Test
    void anImpossibleServiceIsNotScaledOutHoweverMuchItsPolicyWants() {
        Program program = world.start(
                "p1",
                with(
                        "huge",
                        service -> service.limit(Resources.ofMebibytes(16, 512))
                                .policy(PolicySpec.of(in -> Recommendation.of(9, "much")))));
        world.after(Duration.ofMinutes(5));
        assertThat(program.latest(TargetId.service("huge")).binding()).isEqualTo(Rule.PLACEMENT);
        assertThat(program.latest(TargetId.service("huge")).to()).isEqualTo(1);
        assertThat(program.latest(TargetId.service("huge")).reason()).contains("more than any worker");
        program.micado().close();
    }

    @Test
    void aConstraintThatNothingSatisfiesLaunchesNothing() {
        Program program = world.start("p1", with("odd", service -> service.constraint("node.labels.disk==ssd")));
        world.after(Duration.ofMinutes(10));
        assertThat(world.cluster.running("odd")).isZero();
        assertThat(world.cloud.launches()).hasSize(1);
        assertThat(program.warnings("impossible-task"))
                .singleElement()
                .asString()
                .contains("node.labels.disk==ssd");
        program.micado().close();
    }

    @Test
    void aMissingImageIsVisibleAndStopsScalingOut() {
        Program program = world.start("p1");
        world.cluster.faults().removeImage("web");
        world.need = 8;
        world.after(Duration.ofMinutes(5));

        assertThat(status(program, "web").problem()).contains("No such image: web");
        assertThat(status(program, "web").running()).isZero();
        assertThat(world.cloud.look()).as("no workers for what cannot run").hasSizeLessThanOrEqualTo(4);

        world.cluster.faults().restoreImage("web");
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(status(program, "web").problem()).isEmpty();
        program.micado().close();
    }

    @Test
    void aPortThatIsTakenIsVisible() {
        world.cluster.deployByHand(ShopWorld.service("theirs").publish(8080, 80).build());
        Program program = world.start("p1");
        world.settleAt(1, 1);
        var deployed = program.micado()
                .deploy(ShopWorld.service("api").publish(8080, 80).build());
        world.after(Duration.ofSeconds(5));
        assertThat(deployed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("8080")
                .withMessageContaining("theirs");
        program.micado().close();
    }

    @Test
    void aHostPortNeedsAWorkerOfItsOwnForEachReplica() {
        Program program = world.start(
                "p1",
                with(
                        "edge",
                        service -> service.limit(Resources.of(0.1, 1 << 20))
                                .publish(new PublishedPort(
                                        443, 443, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST))
                                .policy(PolicySpec.of(in -> Recommendation.of(4, "four")))));
        world.after(Duration.ofMinutes(4));

        assertThat(world.cluster.running("edge")).isEqualTo(4);
        assertThat(world.cloud.look()).hasSize(4);
        assertThat(world.cloud.launches()).hasSize(4);
        assertThat(program.latest(TargetId.service("edge")).binding()).isEqualTo(Rule.NONE);
        program.micado().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 9, 12})
    void asManyWorkersAsWaitingReplicasNeedAreLaunchedInOnePassAndOnlyOnce(int replicas) {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.need = replicas;
        world.after(Duration.ofMinutes(3));

        int workers = (replicas + 1) / 2;
        assertThat(world.cluster.running("web")).isEqualTo(replicas);
        assertThat(world.deeds.of("cloud.launch")).hasSize(workers);
        assertThat(world.deeds.of("cloud.launch").stream()
                        .skip(1)
                        .map(Deeds.Deed::at)
                        .distinct())
                .as("passes that launched")
                .hasSizeLessThanOrEqualTo(1);
        program.micado().close();
    }

    @Test
    void workersThatBootCountForWhatIsAskedForMeanwhile() {
        ShopWorld slow = new ShopWorld(1, cloud -> cloud.bootTime(RandomDuration.constant(Duration.ofMinutes(4))));
        Program program = slow.start("p1");
        slow.after(Duration.ofMinutes(6));
        for (int need = 2; need <= 12; need += 2) {
            slow.need = need;
            slow.after(Duration.ofSeconds(15));
        }
        slow.after(Duration.ofMinutes(8));
        assertThat(slow.cluster.running("web")).isEqualTo(12);
        assertThat(slow.cloud.launches()).hasSize(6);
        program.micado().close();
    }

    @Test
    void aServiceBoundToAPoolGrowsThatPoolAndNoOtherAndNoMoreThanItNeeds() {
        ShopWorld shop = new ShopWorld(1, cloud -> cloud.offering("big", Resources.ofMebibytes(4, 8192), 0.2));
        VirtualProcess process = shop.time.process("p1");
        int[] need = {1};
        Program program = Program.start(
                process,
                shop.bare(process)
                        .pool(ShopWorld.workers().build())
                        .pool(WorkerPool.builder("batch")
                                .between(0, 4)
                                .offering("sim", "big", Settings.EMPTY)
                                .policy(PolicySpec.of(in -> Recommendation.of(0, "as many as its tasks need")))
                                .build())
                        .service(ShopWorld.service("job")
                                .constraint("node.labels." + Tags.POOL + " == batch")
                                .policy(PolicySpec.of(in -> Recommendation.of(need[0], "as the test needs")))
                                .build()));
        shop.after(Duration.ofMinutes(2));
        need[0] = 10;
        shop.after(Duration.ofMinutes(4));

        assertThat(shop.cluster.running("job")).isEqualTo(10);
        assertThat(shop.cloud.look())
                .extracting(Machine::instanceType)
                .containsExactlyInAnyOrder("small", "big", "big", "big");
        assertThat(shop.cloud.launches()).hasSize(4);
        assertThat(shop.cluster.look().tasks())
                .filteredOn(task -> task.phase() == TaskState.Phase.RUNNING)
                .allMatch(task -> shop.cluster.look().nodes().stream()
                        .filter(node -> task.node().filter(node.id()::equals).isPresent())
                        .allMatch(node -> "batch".equals(node.labels().get(Tags.POOL))));
        program.micado().close();
    }

    @Test
    void aPoolWithoutTasksGoesToItsMinimumOfNone() {
        VirtualProcess process = world.time.process("p1");
        int[] need = {2};
        Program program = Program.start(
                process,
                world.bare(process)
                        .pool(ShopWorld.workers()
                                .between(0, 4)
                                .policy(PolicySpec.of(in -> Recommendation.of(0, "as many as its tasks need")))
                                .build())
                        .service(ShopWorld.service("job")
                                .replicas(0, 8)
                                .policy(PolicySpec.of(in -> Recommendation.of(need[0], "as the test needs")))
                                .build()));
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("job")).isEqualTo(2);
        need[0] = 0;
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.look()).isEmpty();
        need[0] = 3;
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("job")).isEqualTo(3);
        program.micado().close();
    }

    @Test
    void scalingInKeepsAWorkerWhoseTasksFitNowhereElse() {
        Program program = world.start(
                "p1",
                with(
                        "pinned",
                        service -> service.limit(Resources.ofMebibytes(1.5, 512))
                                .policy(PolicySpec.of(in -> Recommendation.of(3, "three")))));
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("pinned")).isEqualTo(3);
        world.after(Duration.ofMinutes(10));

        assertThat(world.cluster.running("pinned")).isEqualTo(3);
        assertThat(world.cluster.counters().tasksDrained()).isZero();
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.PLACEMENT);
        program.micado().close();
    }

    @Test
    void aServiceWithOneReplicaIsNeverWithoutOneWhileItsWorkerGoes() {
        Program program = world.start("p1");
        world.need = 5;
        world.settleAt(5, 3);
        int[] least = {5};
        world.need = 1;
        for (int second = 0; second < 240; second++) {
            world.after(Duration.ofSeconds(1));
            least[0] = Math.min(least[0], world.cluster.running("web"));
        }
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(least[0]).as("replicas at any time").isEqualTo(1);
        assertThat(world.cluster.running("web"))
                .as("the extra one is given back")
                .isEqualTo(1);
        assertThat(program.latest(WEB).to()).isEqualTo(1);
        program.micado().close();
    }

    private static UnaryOperator<io.micado.MicadoBuilder> with(
            String name, UnaryOperator<ServiceSpec.Builder> service) {
        return builder -> builder.service(service.apply(
                        ShopWorld.service(name).policy(PolicySpec.of(in -> Recommendation.of(1, "one"))))
                .build());
    }

    private static ServiceStatus status(Program program, String service) {
        return program.micado().status().services().stream()
                .filter(it -> it.name().equals(service))
                .findFirst()
                .orElseThrow();
    }
}
