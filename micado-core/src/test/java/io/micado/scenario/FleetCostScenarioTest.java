package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Consolidation;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.Scenario;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.VirtualProcess;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What workers cost decides which of them go, and which take their place. */
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

    @Test
    void afterABurstThatBoughtADearLargeWorkerThePoolEndsOnTheCheapOneAndNothingIsUnserved() {
        try (Scenario scenario = burst(Consolidation.ON)
                .at(Duration.ofMinutes(50), begun -> begun.cloud().limit("small", 10))
                .build()) {
            scenario.run(Duration.ofMinutes(50));
            assertThat(types(scenario)).as("the cheap ones were sold out").containsExactly("large");
            double unservedBefore = unserved(scenario);
            double costBefore = scenario.cloud().bill().cost();
            scenario.run(Duration.ofHours(4));

            assertThat(types(scenario)).containsExactly("small");
            assertThat(unserved(scenario) - unservedBefore)
                    .as("requests unserved since")
                    .isLessThan(1);
            assertThat(scenario.cloud().bill().cost() - costBefore)
                    .as("4 hours of a large one would cost 1.6")
                    .isLessThan(0.5);
            assertThat(scenario.result().decisions())
                    .extracting(Decision::reason)
                    .anySatisfy(
                            reason -> assertThat(reason).contains("1 of sim/small in place of ", "saves 0.35 an hour"));
            assertThat(scenario.result().terminations()).isEqualTo(1);
        }
    }

    @Test
    void unlessAskedForALargeWorkerStays() {
        try (Scenario scenario = burst(Consolidation.OFF)
                .at(Duration.ofMinutes(50), begun -> begun.cloud().limit("small", 10))
                .build()) {
            scenario.run(Duration.ofHours(5));

            assertThat(types(scenario)).containsExactly("large");
        }
    }

    /** Ten minutes of high load, while the cheap offering is sold out. */
    private static Scenario.Builder burst(Consolidation consolidation) {
        return Scenario.builder()
                .pool(WorkerPool.builder("workers")
                        .between(0, 4)
                        .offering(Scenario.CLOUD, "small", Settings.EMPTY)
                        .offering(Scenario.CLOUD, "large", Settings.EMPTY)
                        .consolidation(consolidation)
                        .build())
                .cloud(cloud -> cloud.offering("small", Resources.ofMebibytes(2, 4096), 0.05)
                        .offering("large", Resources.ofMebibytes(8, 16384), 0.4))
                .service(
                        ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofMebibytes(1, 512))
                                .replicas(1, 8)
                                .build(),
                        Workload.step(150, Duration.ofMinutes(10), 20),
                        0.02)
                .at(Duration.ZERO, begun -> begun.cloud().limit("small", 0));
    }

    private static List<String> types(Scenario scenario) {
        return scenario.micado().status().workers().stream()
                .map(worker -> worker.offering().orElse("?").replace("sim/", ""))
                .toList();
    }

    private static double unserved(Scenario scenario) {
        return scenario.result().service("web").work().unserved();
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
