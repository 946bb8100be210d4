package io.micado.provider.rest;

import static io.micado.provider.rest.FaultsTest.failure;
import static io.micado.provider.rest.FaultsTest.launched;
import static io.micado.provider.rest.TestCloud.INFRASTRUCTURE;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.provider.rest.FakeServer.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OcciCloudTest {
    private static final TestCloud TEST = TestCloud.OCCI;

    private final FakeOcci server = new FakeOcci();
    private final Cloud cloud = TEST.open(server);

    @AfterEach
    void close() {
        cloud.close();
        server.close();
    }

    @Test
    void asksOnceForMachinesOfOthers() {
        server.addOthers(30);
        launched(cloud.launch(List.of(TEST.request("w1"))));

        assertThat(cloud.list(INFRASTRUCTURE).machines()).hasSize(1);
        server.forgetCalls();
        assertThat(cloud.list(INFRASTRUCTURE).machines()).hasSize(1);

        assertThat(server.calls("GET ")).hasSize(2);
    }

    @Test
    void asksOnceWhatTheServerCanDo() {
        launched(cloud.launch(List.of(TEST.request("w1"), TEST.request("w2"), TEST.request("w3"))));
        launched(cloud.launch(List.of(TEST.request("w4"))));

        assertThat(server.calls("GET /-/")).hasSize(1);
    }

    @Test
    void saysWhichTemplatesThereAre() {
        Offering offering = Offering.builder("c", "small")
                .settings(TEST.offering().settings().with("os_tpl", "os_tpl#plan9"))
                .build();

        assertThat(failure(cloud, TestCloud.request("w1", offering)))
                .hasMessage("there is no os_tpl \"os_tpl#plan9\"; 1 are known: debian-12 (Debian 12)")
                .extracting(io.micado.api.error.MicadoException::kind)
                .isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(server.machines()).isZero();
    }

    @Test
    void aMachineThatRanAndIsInactiveWasStopped() {
        launched(cloud.launch(List.of(TEST.request("w1"))));
        assertThat(statuses()).containsExactly(MachineStatus.PENDING);
        assertThat(statuses()).containsExactly(MachineStatus.RUNNING);

        server.states.replaceAll((id, state) -> "inactive");

        assertThat(statuses()).containsExactly(MachineStatus.STOPPED);
    }

    @Test
    void learnsSizesFromMachinesWhereTheServerHasNoJson() {
        assertThat(cloud.describe(TEST.offering()).capacity()).isEmpty();
        launched(cloud.launch(List.of(TEST.request("w1"))));
        cloud.list(INFRASTRUCTURE);

        assertThat(cloud.describe(TEST.offering()).capacity()).contains(Resources.of(1, 2L << 30));
    }

    @Test
    void readsSizesOfTemplatesWhereTheServerTellsThem() {
        server.fail(
                "GET /-/",
                1,
                Fault.said(
                        200,
                        "{\"mixins\": [{\"term\": \"small\", \"attributes\": {\"occi.compute.cores\": {\"default\": 2},"
                                + " \"occi.compute.memory\": {\"default\": 4.0}}}]}"));

        assertThat(cloud.describe(TEST.offering()).capacity()).contains(Resources.of(2, 4L << 30));
    }

    private List<MachineStatus> statuses() {
        return cloud.list(INFRASTRUCTURE).machines().stream()
                .map(Machine::status)
                .toList();
    }
}
