package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.ServiceState.Mode;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Node;
import io.micado.docker.FakeEngine;
import io.micado.docker.FakeEngine.Answer;
import io.micado.docker.RealTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterReaderTest {
    private static final String NODE = "{\"ID\":\"%s\",\"Spec\":{\"Role\":\"manager\",\"Availability\":\"active\"},"
            + "\"ManagerStatus\":{\"Reachability\":\"%s\"}}";

    private final RealTime time = new RealTime();
    private final FakeEngine engine = new FakeEngine();
    private SwarmCluster cluster;

    @BeforeEach
    void open() {
        for (String part : List.of("info", "nodes", "services", "tasks")) {
            engine.json("/" + part, Recorded.text(part));
        }
        cluster = FakeSwarm.open(time, FakeSwarm.of(List.of(engine.connection()), Duration.ofSeconds(20)));
    }

    @AfterEach
    void close() {
        cluster.close();
        engine.close();
        time.close();
    }

    @Test
    void readsTheClusterOnTheEnginesClock() {
        ClusterView view = cluster.observe();

        assertThat(view.clusterId()).isEqualTo("pwiwjzdvhliuumc0c5snaxase");
        assertThat(view.observedAt()).isEqualTo(Instant.parse("2026-11-23T03:57:06.669375125Z"));
        assertThat(view.quorum()).isTrue();
    }

    @Test
    void needsFourCalls() {
        cluster.observe();

        assertThat(engine.calls("GET")).containsExactly("GET /info", "GET /nodes", "GET /services", "GET /tasks");
        assertThat(engine.calls()).hasSize(4);
    }

    @Test
    void readsNodes() {
        Node node = cluster.observe().nodes().get(0);

        assertThat(node.hostname()).isEqualTo("vm");
        assertThat(node.address()).isEqualTo("172.17.0.1");
        assertThat(node.manager()).isTrue();
        assertThat(node.takesTasks()).isTrue();
        assertThat(node.capacity().cpuCores()).isEqualTo(2);
        assertThat(node.version()).isPositive();
        assertThat(node.attributes())
                .containsEntry("engine.version", "20.10.24+dfsg1")
                .containsEntry("leader", "true");
    }

    @Test
    void readsServices() {
        Map<String, ServiceState> services = cluster.observe().services().stream()
                .collect(Collectors.toMap(ServiceState::name, Function.identity()));

        assertThat(services.get("glob").mode()).isEqualTo(Mode.GLOBAL);
        assertThat(services.get("job").mode()).isEqualTo(Mode.JOB);
        assertThat(services.get("big").mode()).isEqualTo(Mode.REPLICATED);
        assertThat(services.get("big").desiredReplicas()).isEqualTo(2);
        assertThat(services.get("big").reservation()).isEqualTo(Resources.ofCores(1.5));
        assertThat(services.get("rich").limit()).isEqualTo(Resources.ofCores(0.2));
        assertThat(services.get("constr").constraints()).containsExactly("node.labels.disk==ssd");
        assertThat(services.get("maxrep").maxReplicasPerNode()).contains(1);
        assertThat(services.get("hostport").ports())
                .containsExactly(new PublishedPort(8099, 80, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST));
        assertThat(services.get("hostport").version()).isPositive();
    }

    @Test
    void readsTasksWithoutTheirHistory() {
        ClusterView view = cluster.observe();

        assertThat(view.tasks())
                .extracting(
                        TaskState::service,
                        TaskState::phase,
                        task -> task.pending().orElse(null))
                .contains(
                        tuple("big", Phase.PENDING, PendingCause.INSUFFICIENT_RESOURCES),
                        tuple("constr", Phase.PENDING, PendingCause.CONSTRAINTS),
                        tuple("hostport", Phase.PENDING, PendingCause.PORT_TAKEN),
                        tuple("maxrep", Phase.PENDING, PendingCause.MAX_REPLICAS_PER_NODE),
                        tuple("genres", Phase.PENDING, PendingCause.INSUFFICIENT_RESOURCES),
                        tuple("job", Phase.RUNNING, null),
                        tuple("glob", Phase.RUNNING, null));
        assertThat(tasks(view, "once")).isEmpty();
    }

    @Test
    void namesTheMissingImageOnce() {
        assertThat(tasks(cluster.observe(), "noimg")).hasSize(2).allSatisfy(task -> {
            assertThat(task.phase()).isEqualTo(Phase.FAILED);
            assertThat(task.message()).isEqualTo("No such image: micado/none:1");
        });
    }

    @Test
    void saysWhyTheCopyBeforeTheNextOneFailed() {
        engine.json("/tasks", Recorded.text("tasks-drained"));

        assertThat(tasks(cluster.observe(), "fail")).singleElement().satisfies(task -> {
            assertThat(task.phase()).isEqualTo(Phase.FAILED);
            assertThat(task.message()).isEqualTo("task: non-zero exit (3)");
        });
    }

    @Test
    void knowsTheContainerOfARunningTask() {
        TaskState task = tasks(cluster.observe(), "glob").get(0);

        assertThat(task.phase()).isEqualTo(Phase.RUNNING);
        assertThat(task.containerId().orElseThrow()).matches("[0-9a-f]{64}");
        assertThat(task.node()).isPresent();
        assertThat(task.occupiesNode()).isTrue();
    }

    @Test
    void showsWhatADrainedClusterWaitsFor() {
        engine.json("/tasks", Recorded.text("tasks-drained"));

        assertThat(tasks(cluster.observe(), "glob")).isEmpty();
        assertThat(tasks(cluster.observe(), "maxrep"))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.pending()).contains(PendingCause.NO_NODES));
    }

    @Test
    void hasNoQuorumWhenHalfOfTheManagersDoNotAnswer() {
        engine.json("/nodes", "[" + NODE.formatted("a", "reachable") + "," + NODE.formatted("b", "unreachable") + "]");

        assertThat(cluster.observe().quorum()).isFalse();
    }

    @Test
    void failsAsAWholeWhenOnePartFails() {
        engine.answer(
                "GET",
                "/tasks",
                Answer.error(500, "rpc error: code = Unknown desc = The swarm does not have a leader."));

        assertThatThrownBy(cluster::observe)
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageContaining("too few managers are online");
    }

    @Test
    void readsThirtyThousandTasksWithinTheDeadline() {
        String task = Recorded.json("tasks").get(0).toString();
        StringBuilder many = new StringBuilder("[");
        for (int i = 0; i < 30_000; i++) {
            many.append(i == 0 ? "" : ",")
                    .append("{\"ID\":\"t")
                    .append(i)
                    .append("\",\"ServiceID\":\"s\",\"Slot\":")
                    .append(i + 1)
                    .append(",\"NodeID\":\"n\",\"DesiredState\":\"running\",\"Status\":{\"State\":\"running\","
                            + "\"ContainerStatus\":{\"ContainerID\":\"c")
                    .append(i)
                    .append("\"}},\"Spec\":")
                    .append(task)
                    .append('}');
        }
        engine.json("/tasks", many.append(']').toString());

        assertThat(cluster.observe().tasks()).hasSize(30_000);
    }

    private static List<TaskState> tasks(ClusterView view, String service) {
        return view.tasks().stream()
                .filter(task -> task.service().equals(service))
                .toList();
    }
}
