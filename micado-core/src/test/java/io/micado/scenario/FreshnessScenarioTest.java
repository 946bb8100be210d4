package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Status.ServiceStatus;
import io.micado.api.worker.WorkerState;
import io.micado.simulation.RandomDuration;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How old what one is told may be, on an orchestrator that tells of nothing by itself: hardly older than a second while something is
 * under way, and nothing is spent on that when nothing is.
 */
class FreshnessScenarioTest {
    private static final Duration FRESH = Duration.ofMillis(1_500);

    private final ShopWorld world = new ShopWorld(7);
    private Program program;

    @BeforeEach
    void settle() {
        world.cluster.faults().silenceEvents(true);
        program = world.start("p");
        world.settleAt(1, 1);
        world.after(Duration.ofMinutes(10));
    }

    /** Whatever the moment between two passes at which it starts. */
    @ParameterizedTest
    @ValueSource(ints = {6_000, 7_100, 8_300, 9_400, 10_600})
    void aReplicaIsSeenAsSoonAsItRuns(int startMillis) {
        world.cluster.taskStart("web", RandomDuration.constant(Duration.ofMillis(startMillis)));
        world.need = 2;
        world.time.runUntil(() -> world.cluster.running("web") == 2, Duration.ofMinutes(1));
        world.after(FRESH);
        assertThat(web().running()).isEqualTo(2);
    }

    @Test
    void aWorkerIsSeenAsSoonAsItHasJoinedAndWhatWaitedForItAsSoonAsItRuns() {
        world.need = 3;
        world.time.runUntil(() -> world.cluster.look().nodes().size() == 3, Duration.ofMinutes(1));
        world.after(FRESH);
        assertThat(program.micado().status().workers())
                .hasSize(2)
                .allMatch(worker -> worker.state() == WorkerState.READY);
        world.time.runUntil(() -> world.cluster.running("web") == 3, Duration.ofMinutes(1));
        world.after(FRESH);
        assertThat(web().running()).isEqualTo(3);
    }

    @Test
    void whileNothingIsUnderWayNothingIsLookedAtBesides() {
        int looks = world.deeds.looks();
        long passes = program.micado().vitals().passes();
        world.after(Duration.ofHours(1));
        assertThat(world.deeds.looks() - looks).isBetween(719, 721);
        assertThat(program.micado().vitals().passes() - passes).isBetween(719L, 721L);
    }

    @Test
    void whatGoesOnForeverIsLeftToTheRegularPace() {
        program.micado()
                .deploy(ShopWorld.service("nowhere")
                        .constraint("node.labels.disk==none")
                        .build());
        world.after(Duration.ofMinutes(2));
        int looks = world.deeds.looks();
        world.after(Duration.ofMinutes(1));
        assertThat(world.deeds.looks() - looks)
                .as("looks in a minute, at first")
                .isGreaterThan(50);
        world.after(Duration.ofMinutes(3));
        looks = world.deeds.looks();
        world.after(Duration.ofMinutes(10));
        assertThat(world.deeds.looks() - looks)
                .as("looks in ten minutes, later")
                .isBetween(119, 121);
    }

    private ServiceStatus web() {
        return program.micado().status().services().get(0);
    }
}
