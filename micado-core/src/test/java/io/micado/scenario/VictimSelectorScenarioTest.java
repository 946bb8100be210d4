package io.micado.scenario;

import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Rule;
import io.micado.api.worker.VictimSelector;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The host program chooses which workers go. */
class VictimSelectorScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @Test
    void theWorkerThatItDoesNotNameStaysAndTheOthersGoInItsOrder() {
        AtomicReference<WorkerId> favourite = new AtomicReference<>();
        List<String> told = new ArrayList<>();
        Program program = startWith((pool, ready, tasks) -> {
            told.add(pool);
            assertThat(tasks.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            ready.stream().map(Worker::id).toList());
            return ready.stream()
                    .map(Worker::id)
                    .filter(id -> !id.equals(favourite.get()))
                    .toList();
        });
        // The planner's own choice would be the youngest of the empty ones.
        favourite.set(program.micado().status().workers().get(2).id());
        world.need = 1;
        world.after(Duration.ofMinutes(10));

        assertThat(program.micado().status().workers()).extracting(Worker::id).containsExactly(favourite.get());
        assertThat(world.cluster.running("web")).isEqualTo(1);
        assertThat(told).contains("workers");
        program.micado().close();
    }

    @Test
    void oneThatThrowsKeepsEverybody() {
        Program program = startWith((pool, ready, tasks) -> {
            throw new IllegalStateException("no idea");
        });
        world.need = 1;
        world.after(Duration.ofMinutes(10));

        assertThat(program.micado().status().workers()).hasSize(3);
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.GUARD);
        assertThat(program.warnings("victim-selector"))
                .as("told once")
                .singleElement()
                .asString()
                .contains("no idea");
        program.micado().close();
    }

    private Program startWith(VictimSelector selector) {
        Program program = world.start("p1", builder -> builder.victimSelector(selector));
        world.need = 6;
        world.settleAt(6, 3);
        world.after(Duration.ofSeconds(30));
        return program;
    }
}
