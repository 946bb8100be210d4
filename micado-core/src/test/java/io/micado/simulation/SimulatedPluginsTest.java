package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricRequest;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ContainerOrchestrator;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.MetricSource;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Settings;
import io.micado.api.spi.SharedParts;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class SimulatedPluginsTest {
    private final VirtualTime time = VirtualTime.create();
    private final VirtualProcess program = time.process();
    private final SharedParts shared = new SharedParts();

    private PluginContext context(String name) {
        return new PluginContext("demo", name, program, "test", warning -> {}, shared, false);
    }

    @Test
    void theyFindEachOtherInWhateverOrderTheyAreOpened() {
        CloudProvider provider = find(CloudProvider.class);
        Metrics metrics = find(MetricSource.class).open(Settings.of("load", Map.of("web", "0.5")), context("m"));
        Cloud cloud = provider.open(Settings.of(Map.of("bootTime", "10s", "quota", 1)), context("sky"));
        Cluster cluster = find(ContainerOrchestrator.class).open(Settings.EMPTY, context("c"));
        cluster.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("web")
                        .image("x")
                        .limit(Resources.ofMebibytes(1, 64))
                        .build(),
                Map.of()));

        cloud.launch(List.of(new LaunchRequest(
                new WorkerId("w1"),
                "p",
                new InfrastructureId("us"),
                "demo",
                Offering.builder("sky", "small").build(),
                cluster.joinInfo(),
                Optional.empty())));
        time.advance(Duration.ofSeconds(20));

        assertThat(cluster.observe().nodes()).hasSize(2);
        assertThat(cluster.observe().tasks())
                .singleElement()
                .satisfies(task -> assertThat(
                                metrics.read(new MetricRequest(cluster.observe(), List.of(), Duration.ofSeconds(1)))
                                        .get(MetricKey.task(Metric.CPU, task.id()))
                                        .orElseThrow()
                                        .value())
                        .isEqualTo(0.5));
        assertThat(((SimulatedCluster) cluster).effects()).isSameAs(((SimulatedCloud) cloud).effects());
    }

    @Test
    void theWorldOutlivesTheProgramThatOpenedIt() {
        Cluster cluster = find(ContainerOrchestrator.class).open(Settings.EMPTY, context("c"));
        ((SimulatedCluster) cluster).addForeignNode("a", Resources.ofMebibytes(2, 1024));
        cluster.apply(
                new ClusterChange.Deploy(ServiceSpec.builder("web").image("x").build(), Map.of()));
        program.kill();
        time.advance(Duration.ofSeconds(5));
        assertThat(((SimulatedCluster) cluster).running("web")).isEqualTo(1);
    }

    @Test
    void wrongSettingsAreTheUsersMistake() {
        assertThatThrownBy(() -> find(CloudProvider.class).open(Settings.of("bootTime", "soon"), context("c")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bootTime");
        assertThatThrownBy(() -> find(CloudProvider.class).open(Settings.of("joinTime", "-PT5S"), context("c")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("joinTime");
        assertThatThrownBy(() -> find(CloudProvider.class).open(Settings.of("bootTimeSigma", "-1"), context("c")))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() ->
                        find(MetricSource.class).open(Settings.of("load", Map.of("web", "much")), context("c")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("load.web");
    }

    @Test
    void aLoadMayComeInWaves() {
        for (String wave : List.of("2 +- 1.5 every 10m", "2.5+-1 every 90s")) {
            find(MetricSource.class).open(Settings.of("load", Map.of("web", wave)), context("m"));
        }
        for (String wrong : List.of("2 +- x every 10m", "2 +- 1 every soon", "2 +- 1", "-1 +- 1 every 1m")) {
            assertThatThrownBy(() ->
                            find(MetricSource.class).open(Settings.of("load", Map.of("web", wrong)), context("m")))
                    .as(wrong)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("2 +- 1.5 every 10m");
        }
    }

    @Test
    void metricsNeedTheSimulatedOrchestrator() {
        Metrics metrics = find(MetricSource.class).open(Settings.EMPTY, context("m"));
        SimulatedCluster other = SimulatedCluster.create(time);
        assertThatThrownBy(() -> metrics.read(new MetricRequest(other.look(), List.of(), Duration.ofSeconds(1))))
                .hasMessageContaining("needs the orchestrator");
    }

    @Test
    void theirSettingsHaveDescriptions() {
        assertThat(find(CloudProvider.class).settings())
                .allSatisfy(k -> assertThat(k.description()).endsWith("."));
        assertThat(find(ContainerOrchestrator.class).settings()).isNotEmpty();
        assertThat(find(MetricSource.class).settings()).isNotEmpty();
    }

    private static <T> T find(Class<T> type) {
        return ServiceLoader.load(type).stream()
                .map(ServiceLoader.Provider::get)
                .filter(plugin -> plugin.getClass().getPackage() == SimulatedPluginsTest.class.getPackage())
                .findFirst()
                .orElseThrow();
    }
}
