package io.micado.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.service.Resources;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineStatus;
import io.micado.docker.DockerJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineReaderTest {
    private static final Resources HOST = Resources.ofMebibytes(4, 8192);

    @ParameterizedTest
    @CsvSource({
        "created,Created,PENDING",
        "running,Up 3 seconds,RUNNING",
        "restarting,Restarting (1) 2 seconds ago,RUNNING",
        "paused,Up 3 seconds (Paused),STOPPED",
        "exited,Exited (0) 3 seconds ago,STOPPED",
        "exited,Exited (137) 3 seconds ago,STOPPED",
        "exited,Exited (1) 3 seconds ago,ERROR",
        "dead,Dead,ERROR",
        "removing,Removal In Progress,TERMINATING"
    })
    void readsTheStatusFromTheContainersState(String state, String words, MachineStatus expected) {
        ObjectNode container = container().put("State", state).put("Status", words);

        assertThat(MachineReader.read(container, "local", HOST).status()).isEqualTo(expected);
    }

    @Test
    void aWorkerWithoutBoundsHasWhatTheHostHas() {
        Machine machine = MachineReader.read(container().put("State", "running"), "local", HOST);

        assertThat(machine.capacity()).contains(HOST);
        assertThat(machine.addresses()).isEmpty();
    }

    private static ObjectNode container() {
        ObjectNode container = DockerJson.object();
        container.put("Id", "c1");
        container.putObject("Labels").put("micado.worker", "w1").put("micado.engine", "unix:///s/w1/docker.sock");
        return container;
    }
}
