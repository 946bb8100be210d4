package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.Micado;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.simulation.VirtualTime;
import io.micado.simulation.contract.Check;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import io.micado.simulation.contract.Report;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BareMetalCloudContractTest {
    private final VirtualTime time = VirtualTime.create();
    private final Offering host =
            Offering.builder("rack", BareMetalCloud.INSTANCE_TYPE).build();

    private static Settings hosts(String... addresses) {
        return Settings.of("hosts", List.of(addresses)).with("cores", 16).with("memory", "64GiB");
    }

    private Cloud rack(String... addresses) {
        return new BareMetalCloudProvider()
                .open(hosts(addresses), new PluginContext("shop", "rack", time, "rack", warning -> {}));
    }

    private LaunchResult launch(Cloud cloud, String worker) {
        return cloud.launch(List.of(new LaunchRequest(
                        new WorkerId(worker),
                        "workers",
                        new InfrastructureId("shop-1"),
                        "shop",
                        host,
                        JoinInfo.of(List.of("10.0.0.1:2377"), Secret.of("token")),
                        Optional.empty())))
                .get(0);
    }

    @Test
    void keepsWhatACloudPromises() {
        Cloud rack = rack("10.0.0.11", "10.0.0.12", "10.0.0.13", "10.0.0.14", "10.0.0.15");

        Report report = CloudContract.verify(
                        () -> rack, CloudContractOptions.builder(time, host).build())
                .orThrow();

        assertThat(report.with(Check.Outcome.SKIPPED))
                .extracting(Check::name)
                .containsExactly("leftovers can be removed, and removed again");
    }

    @Test
    void isFoundByItsType() {
        Micado.builder()
                .name("shop")
                .orchestrator("simulated")
                .cloud("rack", "bare-metal", hosts("10.0.0.11"))
                .pool("workers", pool -> pool.between(0, 1).offering("rack", "host", Settings.EMPTY))
                .build()
                .close();

        assertThatThrownBy(() -> Micado.builder()
                        .name("shop")
                        .orchestrator("simulated")
                        .cloud(
                                "rack",
                                "bare-metal",
                                Settings.of("hosts", "10.0.0.11").with("core", 16))
                        .pool("workers", pool -> pool.between(0, 1).offering("rack", "host", Settings.EMPTY))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cores")
                .hasMessageContaining("memory");
    }

    @Test
    void aRackThatIsFullSaysSo() {
        Cloud rack = rack("10.0.0.11");
        assertThat(launch(rack, "w1")).isInstanceOf(LaunchResult.Launched.class);

        assertThat(launch(rack, "w2")).isInstanceOfSatisfying(LaunchResult.Failed.class, failed -> {
            assertThat(failed.error().kind()).isEqualTo(ErrorKind.INSUFFICIENT_CAPACITY);
            assertThat(failed.error()).hasMessageContaining("all 1 hosts of cloud rack are in use");
        });
        assertThat(rack.describe(host).capacity()).contains(Resources.ofMebibytes(16, 64 * 1024));
    }
}
