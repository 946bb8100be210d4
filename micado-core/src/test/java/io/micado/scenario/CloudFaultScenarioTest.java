package io.micado.scenario;

import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.DestroyReport;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.VirtualProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cloud that does not tell what it has: nothing is launched or terminated there, and everything else goes on. */
class CloudFaultScenarioTest {
    private final ShopWorld world = new ShopWorld(1);
    private final SimulatedCloud other = SimulatedCloud.builder("other", world.time)
            .joins(world.cluster)
            .offering("large", Resources.ofMebibytes(4, 8192), 0.2)
            .bootTime(RandomDuration.constant(Duration.ofSeconds(10)))
            .build();
    private int needOfApi = 1;

    /** A way in which lists are no good, and back. */
    enum ListFault {
        UNREACHABLE(cloud -> cloud.calls().unreachable(), cloud -> cloud.calls().reachable()),
        HANGS(
                cloud -> cloud.calls().hangNext(Integer.MAX_VALUE, Duration.ofHours(2)),
                cloud -> cloud.calls().hangNext(0, Duration.ZERO)),
        INCOMPLETE(
                cloud -> cloud.faults().incompleteLists(0.5),
                cloud -> cloud.faults().incompleteLists(0));

        private final Consumer<SimulatedCloud> begin;
        private final Consumer<SimulatedCloud> end;

        ListFault(Consumer<SimulatedCloud> begin, Consumer<SimulatedCloud> end) {
            this.begin = begin;
            this.end = end;
        }

        void end(SimulatedCloud cloud) {
            end.accept(cloud);
        }
    }

    @ParameterizedTest
    @EnumSource(ListFault.class)
    void neitherLaunchesNorTerminatesOnACloudWhoseListIsUnknownWhileTheRestGoesOn(ListFault fault) {
        Program program = startWithTwoClouds();
        world.need = 4;
        world.settleAt(4, 2);
        fault.begin.accept(world.cloud);
        world.after(Duration.ofSeconds(45));
        int launches = world.cloud.launches().size();

        world.need = 9;
        needOfApi = 6;
        world.after(Duration.ofMinutes(4));
        assertThat(world.cluster.look().services())
                .filteredOn(service -> service.name().equals("web"))
                .allMatch(service -> service.desiredReplicas() == 9);
        assertThat(world.cluster.running("api")).as("on the other cloud").isEqualTo(6);
        assertThat(other.look()).hasSize(2);
        assertThat(world.cloud.launches()).hasSize(launches);
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(program.latest(WORKERS).reason()).contains("sim");

        world.need = 1;
        world.after(Duration.ofMinutes(4));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(world.cloud.terminations()).isEmpty();
        assertThat(world.cloud.look()).hasSize(2);

        fault.end.accept(world.cloud);
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(world.cluster.counters().tasksKilledByTermination()).isZero();
        program.micado().close();
    }

    @Test
    void aMachineThatAListForgetsIsNotReplacedAtOnce() {
        Program program = world.start("p1");
        world.need = 4;
        world.settleAt(4, 2);
        int launches = world.cloud.launches().size();
        var machine = world.cloud.look().get(0).id();
        world.cloud.faults().hide(machine);
        world.after(Duration.ofSeconds(60));
        world.cloud.faults().show(machine);
        world.after(Duration.ofMinutes(5));

        assertThat(world.cloud.launches()).hasSize(launches);
        assertThat(world.cloud.look()).hasSize(2);
        program.micado().close();
    }

    @Test
    void aCloudThatIsDownAtTheStartIsWaitedFor() {
        world.cloud.calls().unreachable();
        Program program = world.start("p1");
        world.after(Duration.ofMinutes(10));
        assertThat(world.cloud.launches()).isEmpty();
        assertThat(program.micado().status().unknownSources()).containsOnlyKeys("cloud \"sim\"");

        world.cloud.calls().reachable();
        world.after(Duration.ofSeconds(90));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(program.heard(MicadoEvent.SourceChanged.class))
                .extracting(MicadoEvent.SourceChanged::available)
                .containsExactly(false, true);
        program.micado().close();
    }

    @Test
    void aBackOffThatTheCloudAsksForIsKept() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.cloud.faults().rateLimit(3, Duration.ofMinutes(10));
        world.after(Duration.ofMinutes(30));
        world.cloud.faults().rateLimit(Integer.MAX_VALUE, Duration.ofSeconds(1));
        world.after(Duration.ofMinutes(11));

        assertThat(program.micado().status().unknownSources()).isEmpty();
        long refusals = program.heard(MicadoEvent.SourceChanged.class).stream()
                .filter(change -> !change.available())
                .count();
        assertThat(refusals).as("three lists in ten minutes, then silence").isBetween(2L, 4L);
        program.micado().close();
    }

    @Test
    void whatIsLeftBesideMachinesMayBeUnknownForLaunchesButNotForTheEnd() {
        world.cloud.faults().hideLeftovers("volumes cannot be listed");
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.need = 4;
        world.after(Duration.ofMinutes(2));
        assertThat(world.cloud.look()).as("launched all the same").hasSize(2);

        CompletableFuture<DestroyReport> destroyed = program.micado().destroy();
        world.after(Duration.ofMinutes(14));
        assertThat(world.cloud.look()).isEmpty();
        assertThat(destroyed).as("nobody may say that nothing is left").isNotDone();
        world.after(Duration.ofMinutes(2));
        assertThat(destroyed).succeedsWithin(Duration.ZERO).satisfies(report -> {
            assertThat(report.isClean()).isFalse();
            assertThat(report.problems()).contains("volumes cannot be listed");
        });
        program.micado().close();
    }

    @Test
    void theEndWaitsUntilItIsKnownWhatIsLeftBesideMachines() {
        world.cloud.faults().hideLeftovers("volumes cannot be listed");
        Program program = world.start("p1");
        world.settleAt(1, 1);
        CompletableFuture<DestroyReport> destroyed = program.micado().destroy();
        world.after(Duration.ofMinutes(5));
        world.cloud.faults().showLeftovers();
        world.after(Duration.ofMinutes(1));
        assertThat(destroyed).succeedsWithin(Duration.ZERO).matches(DestroyReport::isClean);
        program.micado().close();
    }

    private Program startWithTwoClouds() {
        VirtualProcess process = world.time.process("p1");
        return Program.start(
                process,
                world.bare(process)
                        .cloud("other", other)
                        .pool(ShopWorld.workers().build())
                        .pool(WorkerPool.builder("extra")
                                .between(0, 3)
                                .offering("other", "large", Settings.EMPTY)
                                .policy(PolicySpec.of(in -> Recommendation.of(0, "as many as its tasks need")))
                                .build())
                        .policy("web", PolicySpec.of(in -> Recommendation.of(world.need, "as the test needs")))
                        .policy("api", PolicySpec.of(in -> Recommendation.of(needOfApi, "as the test needs")))
                        .service(ShopWorld.service("web")
                                .constraint("node.labels.micado.pool==workers")
                                .build())
                        .service(ShopWorld.service("api")
                                .constraint("node.labels.micado.pool==extra")
                                .build()));
    }
}
