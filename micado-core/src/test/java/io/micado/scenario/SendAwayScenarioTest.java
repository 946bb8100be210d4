package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Vitals;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.scaling.Rule;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A worker that somebody picks and sends away. */
class SendAwayScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @Test
    void theOneThatWasPickedGoesAndNoOtherTakesItsPlace() {
        Program program = startedWith(3);
        WorkerId picked = ids(program).get(1);
        CompletableFuture<Void> sent = program.micado().sendAway(picked);
        world.after(Duration.ofMinutes(3));
        assertThat(sent).isCompleted();
        assertThat(ids(program)).hasSize(2).doesNotContain(picked);
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.HOLD);
        assertThat(program.micado().vitals().holds().get(WORKERS).count()).isEqualTo(2);
        assertThat(world.cloud.look()).hasSize(2);
        program.micado().close();
    }

    @Test
    void oneThatHasNotJoinedYetIsTerminatedAtOnce() {
        Program program = startedWith(1);
        program.micado().scale(WORKERS, 2, Duration.ZERO);
        world.time.runUntil(
                () -> program.micado().status().workers().stream()
                        .anyMatch(worker -> worker.state() == WorkerState.BOOTING),
                Duration.ofMinutes(1));
        Worker arriving = program.micado().status().workers().stream()
                .filter(worker -> worker.state() == WorkerState.BOOTING)
                .findFirst()
                .orElseThrow();
        program.micado().sendAway(arriving.id());
        world.after(Duration.ofMinutes(2));
        assertThat(ids(program)).hasSize(1).doesNotContain(arriving.id());
        program.micado().close();
    }

    @Test
    void aPoolKeepsItsLeast() {
        Program program = startedWith(1);
        CompletableFuture<Void> sent = program.micado().sendAway(ids(program).get(0));
        world.after(Duration.ofSeconds(30));
        assertThat(sent).isCompletedExceptionally();
        assertThat(sent.handle((done, error) -> ((MicadoException) error).kind()))
                .isCompletedWithValue(ErrorKind.CONFLICT);
        assertThat(ids(program)).hasSize(1);
        program.micado().close();
    }

    @Test
    void aWorkerThatNobodyKnowsIsNotFound() {
        Program program = startedWith(1);
        CompletableFuture<Void> sent = program.micado().sendAway(new WorkerId("nobody"));
        world.after(Duration.ofSeconds(30));
        assertThat(sent.handle((done, error) -> ((MicadoException) error).kind()))
                .isCompletedWithValue(ErrorKind.NOT_FOUND);
        program.micado().close();
    }

    @Test
    void whatTheEngineDoesIsCounted() {
        Program program = startedWith(1);
        world.need = 4;
        world.after(Duration.ofMinutes(2));
        Vitals vitals = program.micado().vitals();
        assertThat(vitals.passes()).isGreaterThan(20);
        assertThat(vitals.passTimes().counts()).isSorted();
        assertThat(vitals.leaseHeld()).isTrue();
        assertThat(vitals.sources()).extracting(Vitals.Source::name).contains("the cluster", "cloud \"sim\"");
        assertThat(vitals.sources()).allMatch(Vitals.Source::known);
        assertThat(vitals.tallies())
                .anyMatch(tally -> tally.name().equals("effects")
                        && "launch".equals(tally.labels().get("effect"))
                        && tally.count() >= 2);
        assertThat(vitals.tallies())
                .anyMatch(tally -> tally.name().equals("decisions")
                        && "service".equals(tally.labels().get("level"))
                        && "out".equals(tally.labels().get("direction")));
        assertThat(program.micado().status().tasks()).hasSize(4);
        assertThat(program.micado().status().pools())
                .singleElement()
                .satisfies(pool ->
                        assertThat(pool.offerings().get(0).pricePerHour()).hasValue(0.1));
        program.micado().close();
    }

    private Program startedWith(int workers) {
        Program program = world.start("p1");
        world.settleAt(1, 1);
        if (workers > 1) {
            world.need = 2 * workers;
            world.settleAt(2 * workers, workers);
            program.micado().scale(WORKERS, workers, Duration.ZERO);
            program.micado().scale(WEB, 1, Duration.ZERO);
            world.settleAt(1, workers);
            world.after(Duration.ofSeconds(30));
        }
        return program;
    }

    private static List<WorkerId> ids(Program program) {
        return program.micado().status().workers().stream().map(Worker::id).toList();
    }
}
