package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Node.Availability;
import io.micado.docker.DockerEngine;
import io.micado.docker.Eventually;
import io.micado.docker.RealDocker;
import io.micado.docker.RealTime;
import io.micado.docker.RequiresDocker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresDocker
@Timeout(120)
class SwarmSetupIT {
    private final RealTime time = new RealTime();
    private final DockerEngine engine = DockerEngine.open(RealDocker.connection(), time);
    private final SwarmCluster cluster = FakeSwarm.open(time, SwarmSettings.of(Settings.EMPTY));

    @AfterEach
    void leave() {
        engine.swarm().leave(true);
        cluster.close();
        engine.close();
        time.close();
    }

    @Test
    void makesASwarmOnTheBridgeAndDissolvesItAgain() {
        cluster.start();
        cluster.start();

        String bridge = engine.networkGateway("bridge").orElseThrow();
        assertThat(cluster.joinInfo().managers()).containsExactly(bridge + ":2377");
        assertThat(cluster.joinInfo().token().reveal()).startsWith("SWMTKN-");

        try (SwarmCluster afterARestart = FakeSwarm.open(time, SwarmSettings.of(Settings.EMPTY))) {
            afterARestart.start();
            afterARestart.dissolve();
            afterARestart.dissolve();
        }
        assertThat(engine.swarm().state().path("LocalNodeState").asText()).isEqualTo("inactive");
    }

    @Test
    void makesNoSwarmOnTheBridgeForMachinesOfACloud() {
        try (SwarmCluster forACloud = new SwarmCluster(
                SwarmSettings.of(Settings.EMPTY), FakeSwarm.context(time).withRemoteMachines(true))) {
            assertThatThrownBy(forACloud::start)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "advertise: is not set, and at "
                                    + engine.networkGateway("bridge").orElseThrow()
                                    + ", Docker's bridge, the machines of a cloud cannot join; set \"advertise\" to the IP address of "
                                    + "this host that they reach, or name in \"hosts\" a manager that they reach, such as a generated master's");
        }
        assertThat(engine.swarm().state().path("LocalNodeState").asText()).isEqualTo("inactive");

        cluster.start(); // for containers of this host it will do
        try (SwarmCluster forACloud = new SwarmCluster(
                SwarmSettings.of(Settings.EMPTY), FakeSwarm.context(time).withRemoteMachines(true))) {
            assertThatThrownBy(forACloud::start).hasMessageContaining("docker swarm leave --force");
        }
    }

    @Test
    void keepsItsManagerFreeOfTasks() {
        cluster.start();
        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("web")
                        .image(RealDocker.IMAGE)
                        .arguments("sleep", "1000")
                        .build(),
                Map.of("micado.managed", "shop")));

        ClusterView view = Eventually.until(
                cluster::observe,
                v -> v.tasks().stream()
                        .anyMatch(t -> t.pending().equals(java.util.Optional.of(PendingCause.NO_NODES))));
        assertThat(view.nodes().get(0).availability()).isEqualTo(Availability.DRAIN);
        assertThat(view.tasks())
                .singleElement()
                .satisfies(t -> assertThat(t.pending()).contains(PendingCause.NO_NODES));
    }

    @Test
    void stopsDrainingItsManagerWhenTheSettingChanges() {
        cluster.start();

        try (SwarmCluster later = FakeSwarm.open(time, SwarmSettings.of(Settings.of("managerRunsTasks", true)))) {
            later.start();
            assertThat(later.observe().nodes().get(0).availability()).isEqualTo(Availability.ACTIVE);
        }
    }

    @Test
    void doesNotDissolveASwarmThatOthersUse() {
        cluster.start();
        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("theirs").image(RealDocker.IMAGE).build(), Map.of()));

        cluster.dissolve();

        assertThat(cluster.observe().services()).hasSize(1);
        assertThat(List.of("active"))
                .contains(engine.swarm().state().path("LocalNodeState").asText());
    }
}
