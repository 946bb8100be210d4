package io.micado.scenario;

import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Rule;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The host program's word on which worker may go: no, no answer, a failure, and at last yes. */
class DrainGuardScenarioTest {
    private final ShopWorld world = new ShopWorld(1);
    private final Map<WorkerId, List<Duration>> asked = new TreeMap<>();
    private BooleanSupplier answer = () -> true;
    private List<TaskState> tasksTold = List.of();

    @Test
    void keepsWorkersWhileItSaysNoAndIsAskedAgainLater() {
        Program program = startAndScaleInWith(() -> false);
        world.after(Duration.ofMinutes(10));

        assertThat(world.cloud.terminations()).isEmpty();
        assertThat(world.cluster.counters().tasksDrained()).isZero();
        assertThat(asked).hasSize(3);
        assertThat(asked.values()).as("once a minute each").allMatch(times -> times.size() <= 10);
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.GUARD);
        assertThat(program.micado().status().workers()).hasSize(3);

        answer = () -> true;
        world.after(Duration.ofMinutes(4));
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(world.cluster.counters().tasksKilledByTermination()).isZero();
        program.micado().close();
    }

    @Test
    void aGuardThatThrowsKeepsTheWorkersAndIsToldOf() {
        Program program = startAndScaleInWith(() -> {
            throw new IllegalStateException("the lock is lost");
        });
        world.after(Duration.ofMinutes(5));

        assertThat(world.cloud.terminations()).isEmpty();
        assertThat(program.warnings("drain-guard")).singleElement().asString().contains("the lock is lost");
        program.micado().close();
    }

    @Test
    void aGuardThatHangsKeepsTheWorkerAndNothingElse() {
        Program program = startAndScaleInWith(() -> {
            world.time.elapse(Duration.ofMinutes(30));
            return true;
        });
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.terminations()).isEmpty();
        assertThat(program.micado().status().acting()).isTrue();

        world.need = 8;
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).as("scaled out meanwhile").isEqualTo(8);

        answer = () -> true;
        world.need = 1;
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.look()).hasSize(1);
        program.micado().close();
    }

    @Test
    void aGuardThatNeverReturnsKeepsTheWorkersAndNothingElse() {
        Program program = startAndScaleInWith(() -> {
            world.time.elapseUninterruptibly(Duration.ofDays(1000));
            return true;
        });
        world.after(Duration.ofMinutes(10));
        assertThat(world.cloud.terminations()).isEmpty();

        world.need = 8;
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(8);
        assertThat(program.micado().status().workers()).allMatch(worker -> worker.state() == WorkerState.READY);
        program.micado().close();
    }

    @Test
    void aGuardThatThrowsCountsAsNo() {
        Program program = startAndScaleInWith(() -> {
            throw new IllegalStateException("the job table is locked");
        });
        world.after(Duration.ofMinutes(5));
        assertThat(world.cloud.terminations()).isEmpty();
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.GUARD);
        program.micado().close();
    }

    @Test
    void isToldWhatRunsOnTheWorkerAndIsNotAskedAboutOneThatIsLost() {
        Program program = startAndScaleInWith(() -> true);
        world.after(Duration.ofMinutes(3));
        assertThat(world.cloud.look()).hasSize(1);
        assertThat(asked).hasSize(2);
        assertThat(tasksTold)
                .hasSizeLessThanOrEqualTo(2)
                .allMatch(task -> task.service().equals("web"));

        world.cloud.lose(world.cloud.look().get(0).id());
        world.after(Duration.ofMinutes(5));
        assertThat(asked).hasSize(2);
        assertThat(world.cluster.running("web")).isEqualTo(1);
        program.micado().close();
    }

    private Program startAndScaleInWith(BooleanSupplier guard) {
        answer = guard;
        Program program = world.start("p1", builder -> builder.drainGuard(this::mayDrain));
        world.need = 6;
        world.settleAt(6, 3);
        world.after(Duration.ofSeconds(20));
        world.need = 1;
        return program;
    }

    private boolean mayDrain(Worker worker, List<TaskState> tasks) {
        asked.computeIfAbsent(worker.id(), id -> new ArrayList<>()).add(world.time.sinceStart());
        tasksTold = tasks;
        assertThat(worker.state()).isEqualTo(WorkerState.CORDONED);
        return answer.getAsBoolean();
    }
}
