package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.CoordinationStore.Versioned;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Node;
import io.micado.api.worker.Node.Availability;
import io.micado.docker.DockerEngine;
import io.micado.docker.EngineRequest;
import io.micado.docker.Eventually;
import io.micado.docker.RealDocker;
import io.micado.docker.RealTime;
import io.micado.docker.RequiresDocker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresDocker
@Timeout(180)
class SwarmClusterIT {
    private static final Map<String, String> OURS = Map.of("micado.managed", "shop");
    private static final RealTime TIME = new RealTime();
    private static final SwarmCluster CLUSTER =
            FakeSwarm.open(TIME, SwarmSettings.of(Settings.of("managerRunsTasks", true)));
    private static final DockerEngine ENGINE = DockerEngine.open(RealDocker.connection(), TIME);

    @BeforeAll
    static void makeSwarm() {
        CLUSTER.start();
    }

    @AfterEach
    void removeServices() {
        CLUSTER.observe().services().forEach(service -> CLUSTER.apply(new ClusterChange.Remove(service.name())));
        Eventually.until(() -> CLUSTER.observe().tasks(), List::isEmpty);
    }

    @AfterAll
    static void dissolveSwarm() {
        CLUSTER.dissolve();
        CLUSTER.close();
        ENGINE.close();
        TIME.close();
    }

    @Test
    void observesTheOneNode() {
        ClusterView view = CLUSTER.observe();

        assertThat(view.quorum()).isTrue();
        assertThat(view.clusterId()).isNotEmpty();
        assertThat(Duration.between(view.observedAt(), TIME.wallClock()).abs()).isLessThan(Duration.ofSeconds(30));
        Node node = view.nodes().get(0);
        assertThat(view.nodes()).hasSize(1);
        assertThat(node.manager()).isTrue();
        assertThat(node.takesTasks()).isTrue();
        assertThat(node.capacity().cpuCores()).isPositive();
        assertThat(node.capacity().memoryBytes()).isPositive();
        assertThat(node.address()).isNotEmpty();
    }

    @Test
    void deploysScalesAndRemoves() {
        ServiceSpec spec = sleeper("web")
                .limit(Resources.ofMebibytes(0.1, 32))
                .replicas(1, 5)
                .build();
        CLUSTER.apply(new ClusterChange.Deploy(spec, OURS));
        TaskState task = awaitRunning("web", 1).get(0);
        assertThat(task.containerId()).isPresent();
        assertThat(task.node()).contains(CLUSTER.observe().nodes().get(0).id());

        CLUSTER.apply(new ClusterChange.Scale("web", 1, 3, Map.of("micado.last-change", "1>3")));
        awaitRunning("web", 3);
        ServiceState service = service("web");
        assertThat(service.desiredReplicas()).isEqualTo(3);
        assertThat(service.reservation()).isEqualTo(Resources.ofMebibytes(0.1, 32));
        assertThat(service.labels()).containsEntry("micado.last-change", "1>3").containsEntry("micado.managed", "shop");

        assertThatThrownBy(() -> CLUSTER.apply(new ClusterChange.Scale("web", 1, 2, Map.of())))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT));
        long version = service("web").version();
        CLUSTER.apply(new ClusterChange.Deploy(spec, OURS));
        assertThat(service("web").version()).as("the same again is no update").isEqualTo(version);
        assertThat(service("web").desiredReplicas()).isEqualTo(3);

        CLUSTER.apply(new ClusterChange.Remove("web"));
        CLUSTER.apply(new ClusterChange.Remove("web"));
        assertThat(CLUSTER.observe().services()).isEmpty();
    }

    @Test
    void keepsWhatOthersSetOnAService() {
        ENGINE.send(EngineRequest.post("/services/create").json(Recorded.parse("""
                        {"Name":"rich","Labels":{"team":"a"},"TaskTemplate":{
                          "ContainerSpec":{"Image":"%s","Args":["sleep","1000"],"Sysctls":{"net.core.somaxconn":"99"},
                            "CapabilityAdd":["CAP_NET_ADMIN"],"Ulimits":[{"Name":"nofile","Hard":99,"Soft":99}]},
                          "Resources":{"Limits":{"NanoCPUs":200000000,"Pids":77},
                            "Reservations":{"GenericResources":[{"DiscreteResourceSpec":{"Kind":"none","Value":1}}]}},
                          "Placement":{"Preferences":[{"Spread":{"SpreadDescriptor":"node.labels.z"}}]}},
                         "Mode":{"Replicated":{"Replicas":1}}}""".formatted(RealDocker.IMAGE))));
        JsonNode before = template("rich");

        CLUSTER.apply(new ClusterChange.Scale("rich", 1, 2, Map.of("a", "b")));
        CLUSTER.apply(new ClusterChange.LabelService("rich", Map.of("a", "", "c", "d")));
        assertThat(template("rich")).isEqualTo(before);
        assertThat(service("rich").labels()).isEqualTo(Map.of("team", "a", "c", "d"));

        CLUSTER.apply(
                new ClusterChange.Deploy(sleeper("rich").environment("A", "1").build(), OURS));
        JsonNode after = template("rich");
        assertThat(after.path("ContainerSpec").path("Env").get(0).asText()).isEqualTo("A=1");
        for (String field : List.of("CapabilityAdd", "Sysctls", "Ulimits")) {
            assertThat(after.path("ContainerSpec").path(field))
                    .isEqualTo(before.path("ContainerSpec").path(field));
        }
        assertThat(after.path("Resources").path("Limits").path("Pids").asInt()).isEqualTo(77);
        assertThat(after.path("Resources").path("Reservations").path("GenericResources"))
                .hasSize(1);
        assertThat(after.path("Placement").path("Preferences")).hasSize(1);
    }

    @Test
    void rebalancesByStartingReplicasAnew() {
        CLUSTER.apply(new ClusterChange.Deploy(sleeper("web").build(), OURS));
        String first = awaitRunning("web", 1).get(0).id();

        CLUSTER.apply(new ClusterChange.Rebalance("web"));

        List<TaskState> tasks = Eventually.until(
                () -> running("web"), now -> now.size() == 1 && !now.get(0).id().equals(first));
        assertThat(tasks).extracting(TaskState::id).doesNotContain(first);
    }

    @Test
    void tellsWhyTasksWait() {
        CLUSTER.apply(new ClusterChange.Deploy(
                sleeper("big").reservation(Resources.ofCores(1000)).build(), OURS));
        CLUSTER.apply(new ClusterChange.Deploy(
                sleeper("picky").constraint("node.labels.disk==ssd").build(), OURS));
        CLUSTER.apply(new ClusterChange.Deploy(
                sleeper("port")
                        .publish(new PublishedPort(38_977, 80, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST))
                        .initialReplicas(2)
                        .build(),
                OURS));
        CLUSTER.apply(new ClusterChange.Deploy(
                sleeper("spread")
                        .attribute(ServiceDocument.MAX_REPLICAS_PER_NODE, "1")
                        .initialReplicas(2)
                        .build(),
                OURS));

        awaitPending("big", PendingCause.INSUFFICIENT_RESOURCES);
        awaitPending("picky", PendingCause.CONSTRAINTS);
        awaitPending("port", PendingCause.PORT_TAKEN);
        awaitPending("spread", PendingCause.MAX_REPLICAS_PER_NODE);
        assertThat(service("port").ports()).hasSize(1);
        assertThat(service("spread").maxReplicasPerNode()).contains(1);
    }

    @Test
    void namesAMissingImage() {
        CLUSTER.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("noimage").image("micado/none:1").build(), OURS));

        List<TaskState> tasks = Eventually.until(
                () -> tasks("noimage"), now -> !now.isEmpty() && now.get(0).phase() == Phase.FAILED);
        assertThat(tasks).singleElement().satisfies(task -> {
            assertThat(task.phase()).isEqualTo(Phase.FAILED);
            assertThat(task.message()).contains("No such image");
        });
    }

    @Test
    void drainsAndActivatesANode() {
        CLUSTER.apply(new ClusterChange.Deploy(sleeper("web").build(), OURS));
        awaitRunning("web", 1);
        Node node = CLUSTER.observe().nodes().get(0);

        CLUSTER.apply(new ClusterChange.SetAvailability(
                node.id(), Availability.DRAIN, Map.of("micado.drain.since", "2026-01-01T00:00:00Z")));
        try {
            ClusterView drained = Eventually.until(
                    CLUSTER::observe, view -> view.tasks().stream().allMatch(task -> task.phase() == Phase.PENDING));
            assertThat(drained.nodes().get(0).availability()).isEqualTo(Availability.DRAIN);
            assertThat(drained.nodes().get(0).drainedByUs()).isTrue();
            assertThat(drained.nodes().get(0).version()).isGreaterThan(node.version());
            awaitPending("web", PendingCause.NO_NODES);
        } finally {
            CLUSTER.apply(new ClusterChange.SetAvailability(
                    node.id(), Availability.ACTIVE, Map.of("micado.drain.since", "")));
        }
        awaitRunning("web", 1);
        assertThat(CLUSTER.observe().nodes().get(0).drainedByUs()).isFalse();
    }

    @Test
    void keepsRecordsOfAHundredKilobytes() {
        CoordinationStore store = CLUSTER.coordination();
        Map<String, String> values = Map.of("id", "7", "state", "{\"ä\":\"" + "x".repeat(100_000) + "\"}");
        try {
            Versioned made = store.create("shop", values);
            assertThat(store.read("shop")).contains(made);
            assertThat(made.values()).isEqualTo(values);

            Versioned updated = store.update("shop", made, Map.of("id", "8"));
            assertThat(updated.values()).isEqualTo(Map.of("id", "8"));
            assertKind(ErrorKind.CONFLICT, () -> store.update("shop", made, Map.of()));
            assertKind(ErrorKind.CONFLICT, () -> store.create("shop", Map.of()));
        } finally {
            store.delete("shop");
        }
        store.delete("shop");
        assertThat(store.read("shop")).isEmpty();
    }

    @Test
    void letsOneOfSeveralWritersWin() throws Exception {
        CoordinationStore store = CLUSTER.coordination();
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            Versioned made = store.create("shop", Map.of("holder", "nobody"));
            List<Future<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Map<String, String> mine = Map.of("holder", "writer" + i);
                attempts.add(writers.submit(() -> {
                    try {
                        store.update("shop", made, mine);
                        return true;
                    } catch (MicadoException e) {
                        assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT);
                        return false;
                    }
                }));
            }
            int winners = 0;
            for (Future<Boolean> attempt : attempts) {
                winners += attempt.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            writers.shutdownNow();
            store.delete("shop");
        }
    }

    @Test
    void callsBackWhenSomethingChanges() throws Exception {
        Semaphore changes = new Semaphore(0);
        try (AutoCloseable watch = CLUSTER.watch(changes::release)) {
            assertThat(watch).isNotNull();
            assertThat(changes.tryAcquire(20, TimeUnit.SECONDS))
                    .as("once at the beginning")
                    .isTrue();

            CLUSTER.apply(new ClusterChange.Deploy(sleeper("web").build(), OURS));
            assertThat(changes.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void rotatesTheJoinToken() {
        String before = CLUSTER.joinInfo().token().reveal();

        CLUSTER.apply(new ClusterChange.RotateJoinToken());

        assertThat(CLUSTER.joinInfo().token().reveal()).startsWith("SWMTKN-").isNotEqualTo(before);
    }

    @Test
    void measuresWhatATaskUses() {
        CLUSTER.apply(new ClusterChange.Deploy(
                ServiceSpec.builder("busy")
                        .image(RealDocker.IMAGE)
                        .arguments("sh", "-c", "while true; do true; done")
                        .limit(Resources.ofMebibytes(0.5, 64))
                        .reservation(Resources.ZERO)
                        .build(),
                OURS));
        TaskState task = awaitRunning("busy", 1).get(0);
        ClusterView view = CLUSTER.observe();
        MetricRequest request = new MetricRequest(view, List.of(), Duration.ofSeconds(5));
        MetricKey cpu = MetricKey.task(Metric.CPU, task.id());

        try (Metrics metrics = new DockerMetricSource().open(Settings.EMPTY, FakeSwarm.context(TIME))) {
            MetricReadings first = metrics.read(request);
            assertThat(first.problems()).isEmpty();
            // Known at once: the engine itself takes two readings of a container that is new.
            assertThat(first.get(cpu).orElseThrow().value()).isBetween(0.02, 0.8);

            MetricReadings second = Eventually.until(
                    () -> metrics.read(request), readings -> readings.get(cpu).isPresent());
            Sample sample = second.get(cpu).orElseThrow();
            // Its limit is half a core; on a busy machine it gets less.
            assertThat(sample.value()).isBetween(0.02, 0.8);
            assertThat(sample.age(TIME.wallClock())).isLessThan(Duration.ofSeconds(10));
            double memory = second.get(MetricKey.task(Metric.MEMORY, task.id()))
                    .orElseThrow()
                    .value();
            assertThat(memory).isBetween(4096.0, 64.0 * (1 << 20));
            assertThat(second.get(MetricKey.node(Metric.CPU, view.nodes().get(0).id())))
                    .isPresent();
        }
    }

    private static ServiceSpec.Builder sleeper(String name) {
        return ServiceSpec.builder(name)
                .image(RealDocker.IMAGE)
                .arguments("sh", "-c", "trap exit TERM; sleep 1000 & wait");
    }

    private static List<TaskState> awaitRunning(String service, int count) {
        List<TaskState> tasks = Eventually.until(() -> running(service), now -> now.size() == count);
        assertThat(tasks)
                .as("running tasks of " + service + " in " + tasks(service))
                .hasSize(count);
        return tasks;
    }

    private static void awaitPending(String service, PendingCause cause) {
        List<TaskState> tasks = Eventually.until(
                () -> tasks(service),
                now -> now.stream().anyMatch(task -> task.pending().equals(java.util.Optional.of(cause))));
        assertThat(tasks).anySatisfy(task -> assertThat(task.pending()).contains(cause));
    }

    private static List<TaskState> running(String service) {
        return tasks(service).stream()
                .filter(task -> task.phase() == Phase.RUNNING)
                .toList();
    }

    private static List<TaskState> tasks(String service) {
        return CLUSTER.observe().tasks().stream()
                .filter(task -> task.service().equals(service))
                .toList();
    }

    private static ServiceState service(String name) {
        return CLUSTER.observe().services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode template(String service) {
        return ENGINE.object(EngineRequest.get("/services/{}", service))
                .path("Spec")
                .path("TaskTemplate");
    }

    private static void assertKind(ErrorKind kind, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
