package io.micado.provider.rest;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static io.micado.provider.rest.FaultsTest.eventually;
import static io.micado.provider.rest.TestCloud.INFRASTRUCTURE;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.MachineList;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A whole life of one machine with each cloud, as files: every request has to be the next line of the conversation, to the letter.
 * The answers follow the clouds' documentation.
 */
class ConversationTest {
    private WireMockServer server;

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void withCloudSigma() {
        Machine machine = live(TestCloud.CLOUDSIGMA, TestCloud.CLOUDSIGMA.offering());

        assertThat(machine.id().value()).isEqualTo("03cb7ca7-ca07-4380-9071-c19260fbec59");
        assertThat(machine.attributes()).containsEntry("server", "4e31777b-92b5-4633-9f31-c28443a63cfd");
        assertThat(machine.name()).isEqualTo("shop-w1");
        assertThat(machine.addresses()).containsExactly("94.26.101.149");
        assertThat(machine.capacity()).contains(Resources.of(1, 2L << 30));
    }

    @Test
    void withCloudBroker() {
        Offering offering = TestCloud.CLOUDBROKER.offering();
        Machine machine = live(
                TestCloud.CLOUDBROKER,
                Offering.builder("c", offering.instanceType())
                        .settings(
                                offering.settings().with("key_pair_id", "key-1").with("opened_port", "22,2377"))
                        .build());

        assertThat(machine.id().value()).isEqualTo("6cd5a4a0-8f1c-4b6a-9f43-5a4a8d1dd0cb");
        assertThat(machine.name()).isEqualTo("ip-10-0-0-7");
        assertThat(machine.instanceType()).isEqualTo(FakeCloudBroker.INSTANCE_TYPE);
        assertThat(machine.addresses()).containsExactly("10.0.0.7", "203.0.113.9");
    }

    @Test
    void withOcci() {
        Machine machine = live(
                TestCloud.OCCI,
                Offering.builder("c", "resource_tpl#medium")
                        .settings(TestCloud.OCCI
                                .offering()
                                .settings()
                                .with("os_tpl", "EGI-Ubuntu-Server-16.04-LTS@fedcloud-warg")
                                .with("public_key", "ssh-ed25519 AAAA me")
                                .with("link", List.of("/network/24")))
                        .build());

        assertThat(machine.id().value()).isEqualTo("89878");
        assertThat(machine.instanceType()).isEqualTo("resource_tpl#medium");
        assertThat(machine.addresses()).containsExactly("172.16.0.1");
        assertThat(machine.capacity()).contains(Resources.of(2, 4L << 30));
    }

    /** {@return the machine as it was listed running} */
    private Machine live(TestCloud test, Offering offering) {
        String files = "conversations/" + test.name().toLowerCase(Locale.ROOT);
        server = new WireMockServer(
                wireMockConfig().dynamicPort().bindAddress("127.0.0.1").usingFilesUnderClasspath(files));
        server.start();
        Machine running;
        try (Cloud cloud = test.open(server.baseUrl(), Duration.ofSeconds(20))) {
            Machine launched = FaultsTest.launched(cloud.launch(List.of(TestCloud.request("w1", offering))))
                    .get(0);
            eventually(() -> machines(cloud).stream().anyMatch(machine -> machine.status() == MachineStatus.RUNNING));
            running = machines(cloud).get(0);
            assertThat(running.id()).isEqualTo(launched.id());
            assertThat(running.worker()).isEqualTo(launched.worker());
            assertThat(running.pool()).contains("web");
            assertThat(cloud.terminate(Set.of(running.id())))
                    .allMatch(result -> result.error().isEmpty());
            eventually(() -> machines(cloud).isEmpty());
        }
        assertThat(server.findAllUnmatchedRequests()).isEmpty();
        return running;
    }

    private static List<Machine> machines(Cloud cloud) {
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.leftovers()).isEmpty();
        return list.machines();
    }
}
