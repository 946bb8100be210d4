package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Rule;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster that fails, hangs, or refuses: the loop goes on and acts on nothing that it does not know. */
class ClusterFaultScenarioTest {
    private final ShopWorld world = new ShopWorld(1);
    private Program program;

    @BeforeEach
    void runFourReplicasOnTwoWorkers() {
        program = world.start("p1");
        world.need = 4;
        world.settleAt(4, 2);
        world.after(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        program.micado().close();
    }

    @Test
    void actsOnNothingWhileTheClusterIsUnreachableAndGoesOnAfterwards() {
        outage(
                () -> world.cluster.calls().unreachable(),
                () -> world.cluster.calls().reachable());
    }

    @Test
    void actsOnNothingWhileTheClusterHangsAndGoesOnAfterwards() {
        outage(
                () -> world.cluster.calls().hangNext(Integer.MAX_VALUE, Duration.ofHours(1)),
                () -> world.cluster.calls().hangNext(0, Duration.ZERO));
    }

    private void outage(Runnable begin, Runnable end) {
        begin.run();
        world.after(Duration.ofSeconds(40));
        Duration unknown = world.time.sinceStart();
        world.need = 1;
        world.after(Duration.ofMinutes(10));

        assertThat(world.deeds.since(unknown)).isEmpty();
        assertThat(program.micado().status().unknownSources()).containsKey("the cluster");
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.UNKNOWN);

        end.run();
        world.after(Duration.ofSeconds(90));
        assertThat(program.micado().status().unknownSources()).isEmpty();
        assertThat(program.micado().status().acting()).isTrue();
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(program.heard(MicadoEvent.SourceChanged.class))
                .extracting(MicadoEvent.SourceChanged::available)
                .containsExactly(false, true);
    }

    @Test
    void beginsItsStabilizationWindowsAnewAfterAGap() {
        world.cluster.calls().unreachable();
        world.need = 1;
        world.after(Duration.ofMinutes(3));
        world.cluster.calls().reachable();
        world.time.runUntil(() -> program.micado().status().unknownSources().isEmpty(), Duration.ofMinutes(2));
        world.after(Duration.ofSeconds(15));
        assertThat(world.cluster.running("web")).as("a window is 20 s").isEqualTo(4);
        world.after(Duration.ofSeconds(15));
        assertThat(world.cluster.running("web")).isEqualTo(1);
    }

    @Test
    void aLostRaceIsReadAgainAndDecidedAgain() {
        world.cluster.faults().conflictNext(3);
        world.need = 8;
        world.after(Duration.ofMinutes(2));

        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .extracting(MicadoEvent.EffectFailed::kind)
                .isNotEmpty()
                .containsOnly(ErrorKind.CONFLICT);
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class)).isEmpty();
    }

    @Test
    void silentEventsOnlyMakeItSlower() {
        world.cluster.faults().silenceEvents(true);
        world.need = 8;
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("web")).isEqualTo(8);
        world.need = 1;
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.look()).hasSize(1);
    }

    @Test
    void aChangeWhoseAnswerIsLostIsNotTakenForSomebodyElses() {
        world.deeds.inject(afterEvery("cluster.scale", new MicadoException(ErrorKind.OUTCOME_UNKNOWN, "no answer")));
        world.need = 8;
        world.after(Duration.ofMinutes(2));
        world.need = 2;
        world.after(Duration.ofMinutes(3));

        assertThat(world.cluster.running("web")).isEqualTo(2);
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class)).isEmpty();
        assertThat(program.latest(WEB).binding()).isNotEqualTo(Rule.CONFLICT);
    }

    @Test
    void aScaleThatHangsIsDecidedAgainOnceItIsKnownWhatBecameOfIt() {
        world.deeds.inject(new FaultInjector() {
            private boolean done;

            @Override
            public void after(Effect effect) {
                if (effect.name().equals("cluster.scale") && !done) {
                    done = true;
                    world.time.elapse(Duration.ofMinutes(5));
                }
            }
        });
        world.need = 8;
        world.after(Duration.ofMinutes(1));

        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(program.heard(MicadoEvent.ChangedByOthers.class)).isEmpty();
    }

    @Test
    void aClusterThatRefusesToDrainKeepsTheWorkerAndIsAskedAgain() {
        int[] refusals = {5};
        world.deeds.inject(new FaultInjector() {
            @Override
            public void before(Effect effect) {
                if (effect.name().equals("cluster.set-availability") && refusals[0]-- > 0) {
                    throw new MicadoException(ErrorKind.TRANSIENT, "not now");
                }
            }
        });
        world.need = 1;
        world.after(Duration.ofMinutes(5));

        assertThat(world.cloud.look()).hasSize(1);
        assertThat(refusals[0]).isNegative();
        assertThat(program.heard(MicadoEvent.EffectFailed.class))
                .extracting(MicadoEvent.EffectFailed::subject)
                .isNotEmpty()
                .doesNotHaveDuplicates();
        assertThat(world.cluster.counters().tasksKilledByTermination()).isZero();
    }

    @Test
    void aChangeThatKeepsFailingIsTriedLessAndLessOftenAndToldOnce() {
        String[] why = {"not now"};
        world.deeds.inject(new FaultInjector() {
            @Override
            public void before(Effect effect) {
                if (effect.name().equals("cluster.scale") && !why[0].isEmpty()) {
                    throw new MicadoException(ErrorKind.TRANSIENT, why[0]);
                }
            }
        });
        int before = world.deeds.of("cluster.scale").size();
        world.need = 8;
        world.after(Duration.ofMinutes(10));

        List<Duration> tried = world.deeds.of("cluster.scale").stream()
                .skip(before)
                .map(Deeds.Deed::at)
                .toList();
        assertThat(tried).hasSizeBetween(8, 20);
        assertThat(tried.get(1).minus(tried.get(0))).as("a hiccup").isLessThan(Duration.ofSeconds(6));
        assertThat(tried.get(tried.size() - 1).minus(tried.get(tried.size() - 2)))
                .isBetween(Duration.ofMinutes(1), Duration.ofSeconds(66));
        assertThat(failures()).singleElement().asString().contains("not now");

        why[0] = "something else";
        world.after(Duration.ofMinutes(3));
        assertThat(failures()).hasSize(2);

        why[0] = "";
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("web")).isEqualTo(8);

        why[0] = "something else";
        world.need = 3;
        world.after(Duration.ofMinutes(3));
        assertThat(failures()).as("told again after it was over").hasSize(3);
    }

    private List<String> failures() {
        return program.heard(MicadoEvent.EffectFailed.class).stream()
                .map(MicadoEvent.EffectFailed::message)
                .toList();
    }

    @Test
    void aServiceThatAPersonRemovesIsForgotten() {
        world.cluster.removeByHand("web");
        world.after(Duration.ofMinutes(5));

        assertThat(program.micado().status().services()).isEmpty();
        assertThat(program.micado().explain(WEB)).isEmpty();
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(program.latest(WORKERS).changesSomething()).isFalse();
    }

    private static FaultInjector afterEvery(String name, MicadoException what) {
        return new FaultInjector() {
            @Override
            public void after(Effect effect) {
                if (effect.name().equals(name)) {
                    throw what;
                }
            }
        };
    }
}
