package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.VirtualProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What workers cost decides which of them go. */
class FleetCostScenarioTest {
    private final ShopWorld world = new ShopWorld(1);
    private final SimulatedCloud dear = SimulatedCloud.builder("east", world.time)
            .joins(world.cluster)
            .offering("small", Resources.ofMebibytes(2, 4096), 0.5)
            .bootTime(RandomDuration.constant(Duration.ofSeconds(10)))
            .listLag(RandomDuration.constant(Duration.ofSeconds(2)))
            .build();

    @Test
    void whenFewerAreNeededTheDearWorkerGoesAndNotTheYoungest() {
        world.cloud.limit("small", 1);
        Program program = start(ShopWorld.emptyPool()
                .offering("sim", "small", Settings.EMPTY)
                .offering("east", "small", Settings.EMPTY)
                .build());
        world.need = 4;
        world.settleAt(4, 1);
        assertThat(dear.look()).as("the cheap cloud has no more").hasSize(1);
        world.cloud.limit("small", 5);
        world.after(Duration.ofMinutes(2));
        world.need = 6;
        world.settleAt(6, 2);
        world.need = 3;
        world.after(Duration.ofMinutes(10));

        assertThat(dear.look()).isEmpty();
        assertThat(world.cloud.look()).hasSize(2);
        assertThat(world.cluster.running("web")).isEqualTo(3);
        assertThat(program.heard(MicadoEvent.Decided.class))
                .extracting(event -> event.decision().reason())
                .anySatisfy(reason -> assertThat(reason).contains("releasing 1 saves 0.5 an hour and moves "));
        program.micado().close();
    }

    private Program start(WorkerPool pool) {
        VirtualProcess process = world.time.process("p1");
        return Program.start(
                process,
                world.withoutPool(process)
                        .cloud("east", world.deeds.watching(process, dear))
                        .pool(pool));
    }
}
