package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.DestroyReport;
import io.micado.Micado;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.simulation.SimulatedCluster;
import io.micado.simulation.VirtualProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The beginning and the end of a program, when all is well and when nothing answers. */
class StartAndCloseScenarioTest {
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final ShopWorld world = new ShopWorld(1);

    @Test
    void aStartThatFailsGivesOneSentenceAndMayBeTriedAgain() {
        Micado micado = world.program(world.time.process("p1"));
        world.cluster.calls().unreachable();
        assertThatThrownBy(micado::start)
                .isInstanceOf(MicadoException.class)
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("Exception");

        world.cluster.calls().reachable();
        micado.start();
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        micado.close();
    }

    @Test
    void startsOnceAndNotAfterItWasClosed() {
        Program program = world.start("p1");
        assertThatThrownBy(() -> program.micado().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shop");
        program.micado().close();
        assertThatThrownBy(() -> program.micado().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closingTwiceOrWithoutAStartDoesNothing() {
        Micado never = world.program(world.time.process("p0"));
        never.close();
        never.close();
        Program program = world.start("p1");
        program.micado().close();
        program.micado().close();
        assertThat(world.deeds.all()).extracting(Deeds.Deed::program).doesNotContain("p0");
    }

    @Test
    void theInfrastructureStaysWhenItIsClosedAndNothingIsDoneAfterwards() {
        Program program = world.start("p1");
        world.need = 4;
        world.settleAt(4, 2);
        world.need = 12;
        world.after(Duration.ofSeconds(2));
        program.micado().close();
        int launches = world.cloud.launches().size();
        Duration closed = world.time.sinceStart();
        world.after(Duration.ofMinutes(10));

        assertThat(world.cloud.launches()).hasSize(launches);
        assertThat(world.deeds.since(closed)).isEmpty();
    }

    @Test
    void closesInTimeWhenTheClusterHangs() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.cluster.calls().hangNext(Integer.MAX_VALUE, Duration.ofHours(1));
        world.cluster.coordinationCalls().hangNext(Integer.MAX_VALUE, Duration.ofHours(1));
        world.after(Duration.ofSeconds(7));
        assertClosesInTime(program);
    }

    @Test
    void closesInTimeWhenTheCloudHangsEvenWhileItIsClosed(@TempDir Path directory) throws IOException {
        VirtualProcess process = world.time.process("p1");
        Program program = Program.start(
                process,
                world.builder(process)
                        .classLoader(BuilderTest.loader(directory, "io.micado.scenario.PickyProvider"))
                        .cloud("aws", "picky", Settings.of(Map.of("region", "eu-1", "password", Secret.of("x")))));
        world.settleAt(1, 1);
        world.cloud.calls().hangNext(Integer.MAX_VALUE, Duration.ofHours(1));
        world.need = 8;
        world.after(Duration.ofSeconds(7));
        assertClosesInTime(program);
    }

    @Test
    void closesInTimeWhenPoliciesGuardAndListenersHang() {
        Program program = world.start(
                "p1",
                builder -> builder.listener(event -> world.time.elapseUninterruptibly(Duration.ofHours(1)))
                        .drainGuard((worker, tasks) -> {
                            world.time.elapseUninterruptibly(Duration.ofHours(1));
                            return true;
                        })
                        .adoptServices(
                                io.micado.api.scaling.PolicySpec.of(in -> {
                                    world.time.elapseUninterruptibly(Duration.ofHours(1));
                                    return io.micado.api.scaling.Recommendation.of(1, "late");
                                }),
                                1,
                                2));
        world.cluster.deployByHand(ShopWorld.service("theirs").build());
        world.need = 6;
        world.after(Duration.ofMinutes(2));
        world.need = 1;
        world.after(Duration.ofMinutes(2));
        assertClosesInTime(program);
    }

    @Test
    void destroyTakesTheServicesOfAnInfrastructureWithoutCloudsToo() {
        Program program = Program.start(
                world.time.process("p1"),
                Micado.builder()
                        .name("cloudless")
                        .timekeeper(world.time.process("p1"))
                        .stateStore(world.cluster.stateStore().orElseThrow())
                        .orchestrator(world.cluster)
                        .service(ShopWorld.service("api").build()));
        world.after(Duration.ofSeconds(20));
        assertThat(world.cluster.observe().services())
                .extracting(ServiceState::name)
                .containsExactly("api");

        CompletableFuture<DestroyReport> destroyed = program.micado().destroy();
        world.time.runUntil(destroyed::isDone, Duration.ofMinutes(5));
        program.micado().close();

        assertThat(world.cluster.observe().services()).isEmpty();
    }

    @Test
    void commandsAfterTheEndFailInsteadOfWaitingForEver() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        program.micado().close();
        CompletableFuture<Void> deployed =
                program.micado().deploy(ShopWorld.service("api").build());
        CompletableFuture<?> destroyed = program.micado().destroy();
        world.after(Duration.ofMinutes(2));
        assertThat(deployed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("closed");
        assertThat(destroyed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("closed");
    }

    @Test
    void whatIsGoneIsNotDestroyedAgainAndTakesNoCommands() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        CompletableFuture<DestroyReport> first = program.micado().destroy();
        CompletableFuture<DestroyReport> meanwhile = program.micado().destroy();
        world.time.runUntil(first::isDone, Duration.ofMinutes(5));
        CompletableFuture<DestroyReport> afterwards = program.micado().destroy();
        CompletableFuture<Void> deployed =
                program.micado().deploy(ShopWorld.service("api").build());
        world.after(Duration.ofSeconds(1));

        for (CompletableFuture<DestroyReport> report : List.of(first, meanwhile, afterwards)) {
            assertThat(report).succeedsWithin(Duration.ZERO).matches(DestroyReport::isClean);
        }
        assertThat(deployed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("destroyed");
        program.micado().close();
    }

    @Test
    void whatCouldNotBeDissolvedIsTriedAgain() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.deeds.whenDissolved(() -> {
            throw new MicadoException(ErrorKind.TRANSIENT, "the manager does not answer");
        });
        CompletableFuture<DestroyReport> first = program.micado().destroy();
        world.time.runUntil(first::isDone, Duration.ofMinutes(5));
        List<String> dissolved = new ArrayList<>();
        world.deeds.whenDissolved(() -> dissolved.add("dissolved"));
        CompletableFuture<DestroyReport> second = program.micado().destroy();
        world.after(Duration.ofSeconds(1));

        assertThat(first.join().problems()).containsExactly("the manager does not answer");
        assertThat(second).succeedsWithin(Duration.ZERO).matches(DestroyReport::isClean);
        assertThat(dissolved).hasSize(1);
        program.micado().close();
    }

    @Test
    void aCommandThatIsUnderWayWhenItIsClosedEndsToo() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.cluster.calls().callTime(Duration.ofSeconds(5));
        CompletableFuture<Void> deployed =
                program.micado().deploy(ShopWorld.service("api").build());
        world.after(Duration.ofSeconds(2));
        program.micado().close();
        world.after(Duration.ofSeconds(10));

        assertThat(deployed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("closed");
    }

    @Test
    void closingEndsAnUnfinishedDestruction() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        CompletableFuture<DestroyReport> destroyed = program.micado().destroy();
        world.after(Duration.ofSeconds(1));
        program.micado().close();

        assertThat(destroyed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("closed");
    }

    @Test
    void commandsThatWaitForTheLeaseFailWhenItIsClosedMeanwhile() {
        Program one = world.start("p1");
        world.settleAt(1, 1);
        Program two = world.start("p2");
        CompletableFuture<Void> deployed =
                two.micado().deploy(ShopWorld.service("api").build());
        world.after(Duration.ofSeconds(2));
        two.micado().close();
        assertThat(deployed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("closed");
        one.micado().close();
    }

    @Test
    void aServiceThatCannotBeDeployedAtTheStartIsDeployedLater() {
        Program program = world.start("p1");
        world.cluster.calls().failing(ErrorKind.TRANSIENT);
        world.after(Duration.ofSeconds(70));
        world.cluster.calls().reachable();
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aServiceThatCanNeverBeDeployedIsToldOnceAndNotTriedAgain() {
        world.cluster.deployByHand(ShopWorld.service("theirs").publish(80, 80).build());
        Program program = world.start(
                "p1",
                builder -> builder.service(
                        ShopWorld.service("api").publish(80, 8080).build()));
        world.after(Duration.ofMinutes(5));
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.subject()).isEqualTo("service api");
                    assertThat(event.message()).contains("port 80").contains("theirs");
                });
        assertThat(world.deeds.of("cluster.deploy")).hasSize(2);
        program.micado().close();
    }

    /** On real threads, which a test in virtual time cannot show to end. */
    @Test
    @Timeout(30)
    void itsThreadsEndOnRealTimeEvenWhenTheClusterNeverAnswers(@TempDir Path directory) {
        io.micado.internal.loop.SystemTimekeeper real = new io.micado.internal.loop.SystemTimekeeper();
        SimulatedCluster cluster = SimulatedCluster.create(real);
        Micado micado = Micado.builder()
                .name("shop")
                .timekeeper(real)
                .stateDirectory(directory)
                .orchestrator(cluster)
                .policy("web", io.micado.api.scaling.PolicySpec.of(in -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                    return io.micado.api.scaling.Recommendation.of(1, "interrupted");
                }))
                .service(ShopWorld.web())
                .build();
        micado.start();
        cluster.calls().hangNext(Integer.MAX_VALUE, Duration.ofMinutes(5));
        cluster.coordinationCalls().hangNext(Integer.MAX_VALUE, Duration.ofMinutes(5));
        long begun = real.nanoTime();
        micado.close();
        assertThat(Duration.ofNanos(real.nanoTime() - begun)).isLessThan(CLOSE);
    }

    private void assertClosesInTime(Program program) {
        Duration begun = world.time.sinceStart();
        program.micado().close();
        assertThat(world.time.sinceStart().minus(begun)).isLessThan(CLOSE);
        world.after(Duration.ofMinutes(1));
    }
}
