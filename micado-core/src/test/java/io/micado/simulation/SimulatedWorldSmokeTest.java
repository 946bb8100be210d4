package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedWorldSmokeTest {
    @Test
    void aLaunchedMachineJoinsAndRunsTheServiceUntilItIsTerminated() {
        VirtualTime time = VirtualTime.create();
        SimulatedCluster cluster = SimulatedCluster.create(time);
        SimulatedCloud cloud = SimulatedCloud.create("sim", time, cluster);
        InfrastructureId us = new InfrastructureId("us");
        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("web")
                        .image("nginx")
                        .limit(Resources.ofMebibytes(1, 512))
                        .build(),
                Map.of()));
        cloud.launch(List.of(new LaunchRequest(
                new WorkerId("w1"),
                "workers",
                us,
                "demo",
                Offering.builder("sim", "small").build(),
                cluster.joinInfo(),
                Optional.empty())));

        Duration took = time.runUntil(() -> cluster.running("web") == 1, Duration.ofMinutes(5));

        assertThat(took).isEqualTo(Duration.ofSeconds(37));
        cloud.terminate(Set.of(cloud.list(us).machines().get(0).id()));
        time.advance(Duration.ofMinutes(1));
        assertThat(cluster.counters().tasksKilledByTermination()).isEqualTo(1);
        assertThat(cluster.look().tasks()).hasSize(2);
        System.out.println(cluster.look());
        System.out.println(cloud.bill());
    }
}
