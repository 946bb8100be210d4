package io.micado.provider.rest;

import static io.micado.provider.rest.FaultsTest.launched;
import static io.micado.provider.rest.TestCloud.INFRASTRUCTURE;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloudBrokerCloudTest {
    private static final TestCloud TEST = TestCloud.CLOUDBROKER;

    private final FakeCloudBroker server = new FakeCloudBroker();
    private final Cloud cloud = TEST.open(server);

    @AfterEach
    void close() {
        cloud.close();
        server.close();
    }

    @Test
    void knowsItsOwnWhereNamesAreNotGivenBackAndWarnsOnce() {
        server.forgetNames();
        Machine machine = launched(cloud.launch(List.of(TEST.request("w1")))).get(0);

        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::id)
                .containsExactly(machine.id());
        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::worker)
                .containsExactly(machine.worker());
        assertThat(TEST.warnings).singleElement().asString().contains("does not give back the names of instances");
    }

    @Test
    void aStoppedInstanceIsGone() {
        MachineId machine =
                launched(cloud.launch(List.of(TEST.request("w1")))).get(0).id();

        cloud.terminate(Set.of(machine));

        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::status)
                .containsExactly(MachineStatus.TERMINATING);
        assertThat(cloud.list(INFRASTRUCTURE).machines()).isEmpty();
        assertThat(cloud.terminate(Set.of(machine)).get(0).error()).isEmpty();
    }

    @Test
    void anInstanceThatThePlatformHaltsByItselfIsListedAsAFailedOne() {
        Machine machine = launched(cloud.launch(List.of(TEST.request("w1")))).get(0);
        server.statuses.put(machine.id().value(), "halted");

        Machine listed = cloud.list(INFRASTRUCTURE).machines().get(0);
        assertThat(listed.id()).isEqualTo(machine.id());
        assertThat(listed.worker()).isEqualTo(machine.worker());
        assertThat(listed.status()).isEqualTo(MachineStatus.TERMINATED);
        assertThat(listed.failure().orElseThrow().message()).contains("halted");
        assertThat(cloud.list(new InfrastructureId("another")).machines()).isEmpty();
    }

    @Test
    void theWordsOfTheRequestAreThoseOfThePlatform() {
        LaunchRequest request = TEST.request("w1");
        Offering inNetwork = request.offering()
                .withSettings(request.offering()
                        .settings()
                        .with("start_in_vpc", "vpc-1")
                        .with("firewall_rule_set_id", "rules-1"));
        LaunchRequest asked = new LaunchRequest(
                request.worker(),
                request.pool(),
                request.infrastructure(),
                request.infrastructureName(),
                inNetwork,
                request.join(),
                request.userData());

        assertThat(CloudBrokerInstance.asked(asked, Optional.of("dXNlciBkYXRh")).document())
                .contains(
                        "<start-in-vpc>vpc-1</start-in-vpc>",
                        "<firewall_rule_set_id>rules-1</firewall_rule_set_id>",
                        "<cloud-init>dXNlciBkYXRh</cloud-init>",
                        "<cloud-init-b64>true</cloud-init-b64>",
                        "<isolated>true</isolated>",
                        "<disable_autostop>true</disable_autostop>");
    }

    @Test
    void anInstanceThatWillNotStopIsAFailure() {
        MachineId machine =
                launched(cloud.launch(List.of(TEST.request("w1")))).get(0).id();
        server.fail("PUT ", 1, FakeServer.Fault.refused(422, "<errors><error>Not now</error></errors>"));

        assertThat(cloud.terminate(Set.of(machine)).get(0).error()).isPresent();
        assertThat(server.machines()).isEqualTo(1);
    }
}
