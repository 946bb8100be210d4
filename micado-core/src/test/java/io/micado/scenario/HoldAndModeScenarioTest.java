package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.ClusterChange;
import io.micado.api.worker.Tags;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Holds, pauses and dry runs. */
class HoldAndModeScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @Test
    void aHoldWinsOverThePolicyWithinItsBoundsUntilItExpires() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        program.micado().scale(WEB, 5, Duration.ofMinutes(10));
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(5);
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.HOLD);
        assertThat(program.latest(WEB).reason()).contains("held at 5 until");
        assertThat(label()).startsWith("5 until 2026");

        world.need = 9;
        world.after(Duration.ofMinutes(7));
        assertThat(world.cluster.running("web")).isEqualTo(5);
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("web")).isEqualTo(9);
        program.micado().close();
    }

    @Test
    void aHoldBeyondTheBoundsStaysWithinThem() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        program.micado().scale(WEB, 500);
        world.after(Duration.ofMinutes(3));
        assertThat(program.latest(WEB).to()).isEqualTo(12);
        program.micado().close();
    }

    @Test
    void aHoldWithoutAnEndLastsUntilItIsReleased() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        CompletableFuture<Void> held = program.micado().scale(WEB, 4, Duration.ZERO);
        world.after(Duration.ofHours(3));
        assertThat(held).isCompleted();
        assertThat(world.cluster.running("web")).isEqualTo(4);
        assertThat(label()).isEqualTo("4 until released");

        program.micado().release(WEB);
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(label()).isEmpty();
        program.micado().close();
    }

    @Test
    void aPoolIsHeldAndReleasedToo() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        program.micado().scale(WORKERS, 3, Duration.ZERO);
        world.after(Duration.ofMinutes(2));
        assertThat(world.cloud.look()).hasSize(3);
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.HOLD);
        program.micado().release(WORKERS);
        world.after(Duration.ofMinutes(3));
        assertThat(world.cloud.look()).hasSize(1);
        program.micado().close();
    }

    @Test
    void aPersonHoldsAndReleasesByALabel() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        labelByHand("3 until released");
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(3);
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.HOLD);
        labelByHand("");
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aHoldLabelThatCannotBeReadIsToldAndOtherwiseIgnored() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        labelByHand("many until tomorrow");
        world.need = 2;
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(2);
        assertThat(program.warnings("service-labels"))
                .singleElement()
                .asString()
                .contains("many until tomorrow");
        program.micado().close();
    }

    @Test
    void aHoldOfSomethingThatDoesNotExistFailsAndNamesIt() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        CompletableFuture<Void> held = program.micado().scale(TargetId.service("wbe"), 4);
        world.after(Duration.ofSeconds(5));
        assertThat(held)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(MicadoException.class, error -> {
                    assertThat(error.kind()).isEqualTo(ErrorKind.NOT_FOUND);
                    assertThat(error).hasMessageContaining("wbe");
                });
        program.micado().close();
    }

    @Test
    void aHoldThatIsSaidRightAfterTheStartIsKept() {
        Program program = world.start("p1");
        CompletableFuture<Void> held = program.micado().scale(WEB, 3, Duration.ZERO);
        CompletableFuture<Void> heldPool = program.micado().scale(WORKERS, 2, Duration.ZERO);
        world.after(Duration.ofMinutes(2));
        assertThat(heldPool).isCompleted();
        assertThat(world.cloud.look()).hasSize(2);
        assertThat(held).isCompleted();
        assertThat(world.cluster.running("web")).isEqualTo(3);
        program.micado().close();
    }

    @Test
    void pausedItGoesOnDecidingAndDoesNothing() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        program.micado().pause();
        world.after(Duration.ofSeconds(1));
        Duration paused = world.time.sinceStart();
        world.need = 8;
        world.after(Duration.ofMinutes(10));

        assertThat(world.deeds.since(paused)).isEmpty();
        Decision decision = program.latest(WEB);
        assertThat(decision.binding()).isEqualTo(Rule.NOT_ACTING);
        assertThat(decision.from()).isEqualTo(1);
        assertThat(decision.to()).isEqualTo(8);
        assertThat(program.micado().status().acting()).isFalse();
        assertThat(program.micado().status().notActingBecause()).isEqualTo("paused");

        program.micado().resume();
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class)).isEmpty();
        program.micado().close();
    }

    @Test
    void aPauseIsNoCooldownAndNoReversal() {
        Program program = world.start("p1");
        world.need = 6;
        world.settleAt(6, 3);
        program.micado().pause();
        world.need = 1;
        world.after(Duration.ofMinutes(10));
        assertThat(world.cluster.running("web")).isEqualTo(6);
        world.cluster.scaleByHand("web", 5);
        world.after(Duration.ofMinutes(1));
        program.micado().resume();
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(world.cloud.look()).hasSize(1);
        program.micado().close();
    }

    @Test
    void aDryRunDecidesAndNeverHasAnEffect() {
        Program program = world.start("p1", builder -> builder.dryRun(true));
        world.cluster.deployByHand(ShopWorld.web());
        world.cluster.apply(new ClusterChange.LabelService("web", Map.of(Tags.SERVICE_MAX, "12")));
        world.need = 8;
        world.after(Duration.ofMinutes(10));
        CompletableFuture<Void> deployed =
                program.micado().deploy(ShopWorld.service("api").build());
        CompletableFuture<Void> removed = program.micado().remove("web");
        CompletableFuture<Void> held = program.micado().scale(WEB, 3);
        CompletableFuture<Void> released = program.micado().release(WEB);
        CompletableFuture<?> destroyed = program.micado().destroy();
        world.after(Duration.ofMinutes(20));

        assertThat(byThePrograms()).isEmpty();
        assertThat(program.heard(MicadoEvent.Decided.class)).isNotEmpty();
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.NOT_ACTING);
        assertThat(program.latest(WEB).reason()).contains("dry run");
        assertThat(program.latest(WORKERS).changesSomething()).isTrue();
        for (CompletableFuture<?> command : List.of(deployed, removed, held, released, destroyed)) {
            assertThat(command)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .withMessageContaining("dry run");
        }
        program.micado().close();
    }

    @Test
    void aDryRunThatIsEndedActsAndOneThatIsBegunStops() {
        Program program = world.start("p1", builder -> builder.dryRun(true));
        world.need = 4;
        world.after(Duration.ofMinutes(2));
        assertThat(byThePrograms()).isEmpty();

        program.micado().dryRun(false);
        world.settleAt(4, 2);
        program.micado().dryRun(true);
        world.after(Duration.ofSeconds(1));
        Duration dry = world.time.sinceStart();
        world.need = 10;
        world.after(Duration.ofMinutes(5));
        assertThat(world.deeds.since(dry)).isEmpty();
        program.micado().close();
    }

    @Test
    void aDryRunDoesNotEvenFinishADrain() {
        Program program = world.start(
                "p1",
                builder -> builder.drainGuard((worker, tasks) -> {
                    world.time.elapse(Duration.ofSeconds(4));
                    return true;
                }));
        world.need = 4;
        world.settleAt(4, 2);
        world.need = 1;
        world.time.runUntil(() -> !world.deeds.of("cluster.set-availability").isEmpty(), Duration.ofMinutes(2));
        program.micado().dryRun(true);
        world.after(Duration.ofSeconds(1));
        Duration dry = world.time.sinceStart();
        world.after(Duration.ofMinutes(10));
        assertThat(world.deeds.since(dry)).isEmpty();
        program.micado().dryRun(false);
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.look()).hasSize(1);
        program.micado().close();
    }

    @Test
    void aHoldWhoseLabelCannotBeWrittenIsNotInForce() {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        world.deeds.inject(new FaultInjector() {
            @Override
            public void before(Effect effect) {
                if (effect.name().equals("cluster.label-service")) {
                    throw new MicadoException(ErrorKind.TRANSIENT, "the manager is away");
                }
            }
        });
        CompletableFuture<Void> held = program.micado().scale(WEB, 5, Duration.ZERO);
        world.after(Duration.ofMinutes(1));

        assertThat(held).failsWithin(Duration.ZERO);
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aHoldWhoseLabelIsTakenOffWhileNoProgramRunsEnds() {
        Program first = world.start("p1");
        world.settleAt(1, 1);
        first.micado().scale(WEB, 5, Duration.ZERO);
        world.after(Duration.ofMinutes(2));
        first.micado().close();
        labelByHand("");
        Program second = world.start("p2");
        world.after(Duration.ofMinutes(2));

        assertThat(second.latest(WEB).to()).isEqualTo(1);
        second.micado().close();
    }

    @Test
    void aHoldOfAPoolOutlivesADryRunBesideIt() {
        Program first = world.start("p1");
        world.settleAt(1, 1);
        Program dry = world.start("p2", builder -> builder.dryRun(true));
        first.micado().scale(WORKERS, 3, Duration.ZERO);
        world.after(Duration.ofMinutes(3));
        first.micado().close();
        dry.micado().close();
        Program again = world.start("p3");
        world.after(Duration.ofMinutes(2));

        assertThat(again.latest(WORKERS).binding()).isEqualTo(Rule.HOLD);
        assertThat(world.cloud.look()).hasSize(3);
        again.micado().close();
    }

    @Test
    void howLongHasAnUpperBound() {
        Program program = world.start("p1");
        assertThatThrownBy(() -> program.micado().scale(WEB, 3, ChronoUnit.FOREVER.getDuration()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3650 days");
        program.micado().close();
    }

    private List<Deeds.Deed> byThePrograms() {
        return world.deeds.changes().stream()
                .filter(deed -> !deed.program().isEmpty())
                .toList();
    }

    private String label() {
        return world.cluster.look().services().get(0).labels().getOrDefault(Tags.SERVICE_HOLD, "");
    }

    private void labelByHand(String hold) {
        world.cluster.apply(new ClusterChange.LabelService("web", Map.of(Tags.SERVICE_HOLD, hold)));
    }
}
