package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.ClusterChange;
import io.micado.api.worker.Tags;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether replicas spread over a worker that joins, by what the host program says for all and a label for one. */
class RebalanceScenarioTest {
    private final ShopWorld world = new ShopWorld(1);

    @ParameterizedTest
    @CsvSource({"true,,true", "false,,false", "true,false,false", "false,true,true"})
    void theLabelOfAServiceDecidesForItAndElseTheBuilder(boolean builder, String label, boolean spreads) {
        world.need = 2;
        Program program = world.start("p1", micado -> micado.rebalance(builder));
        world.settleAt(2, 1);
        if (label != null) {
            world.cluster.apply(new ClusterChange.LabelService("web", Map.of(Tags.SERVICE_REBALANCE, label)));
        }

        program.micado().scale(Program.WORKERS, 2, Duration.ZERO);
        world.settleAt(2, 2);
        world.after(Duration.ofMinutes(5));

        assertThat(world.deeds.of("cluster.rebalance")).hasSize(spreads ? 1 : 0);
        assertThat(world.cluster.observe().tasks().stream()
                        .flatMap(task -> task.node().stream())
                        .distinct())
                .hasSize(spreads ? 2 : 1);
        program.micado().close();
    }
}
