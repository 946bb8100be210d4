package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The source against servers that show pages such as the exporters'. */
class ExporterMetricsTest {
    private static final NodeId NODE = new NodeId("node1");
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ShiftedTime time = new ShiftedTime();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeExporter nodeExporter;
    private FakeExporter cAdvisor;

    @BeforeEach
    void start() throws IOException {
        nodeExporter = new FakeExporter();
        cAdvisor = new FakeExporter();
        open.add(nodeExporter);
        open.add(cAdvisor);
        nodeExporter.page = nodePage(100, 4e9, 1e9, 10e9, 4e9);
        cAdvisor.page = task("t1", "node1", 10, 20, 1_000_000, 5e6);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private Metrics source(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("nodeExporterPort", nodeExporter.port());
        settings.put("cAdvisorPort", cAdvisor.port());
        settings.putAll(more);
        Metrics source = new ExportersMetricSource().open(Settings.of(settings), context());
        open.add(source);
        return source;
    }

    private PluginContext context() {
        return new PluginContext("shop", "exporters", time, "io.micado.exporters", warning -> {});
    }

    // ---- pages

    private static String nodePage(double busy, double memory, double available, double size, double free) {
        return "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} " + busy + "\n"
                + "node_cpu_seconds_total{cpu=\"1\",mode=\"system\"} " + busy + "\n"
                + "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 99999\n"
                + "node_cpu_seconds_total{cpu=\"0\",mode=\"iowait\"} " + 7 * busy + "\n"
                + "node_cpu_guest_seconds_total{cpu=\"0\",mode=\"user\"} 5\n"
                + "node_memory_MemTotal_bytes " + memory + "\nnode_memory_MemAvailable_bytes " + available + "\n"
                + "node_filesystem_size_bytes{device=\"/dev/vda1\",mountpoint=\"/\"} " + size + "\n"
                + "node_filesystem_avail_bytes{device=\"/dev/vda1\",mountpoint=\"/\"} " + free + "\n"
                + "node_filesystem_size_bytes{device=\"tmpfs\",mountpoint=\"/run\"} 1\n";
    }

    private static String task(String task, String node, double core0, double core1, long millis, double memory) {
        String labels = "container_label_com_docker_swarm_node_id=\"" + node
                + "\",container_label_com_docker_swarm_task_id=\"" + task + "\",id=\"/docker/x\"";
        return "container_cpu_usage_seconds_total{" + labels + ",cpu=\"cpu00\"} " + core0 + " " + millis + "\n"
                + "container_cpu_usage_seconds_total{" + labels + ",cpu=\"cpu01\"} " + core1 + " " + millis + "\n"
                + "container_memory_working_set_bytes{" + labels + "} " + memory + " " + millis + "\n";
    }

    // ---- the cluster

    private static Node worker(NodeId id, String address) {
        return Node.builder(id)
                .hostname("host-" + id.value())
                .address(address)
                .labels(Map.of(Tags.WORKER, "w-" + id.value()))
                .build();
    }

    private static TaskState running(String id, NodeId node) {
        return new TaskState(
                id,
                "web",
                TaskState.Phase.RUNNING,
                Optional.of(node),
                Instant.EPOCH,
                Optional.of("c-" + id),
                Optional.empty(),
                "");
    }

    private static MetricRequest request(List<Node> nodes, List<Machine> machines, String... tasks) {
        List<TaskState> all = new ArrayList<>();
        for (String task : tasks) {
            all.add(running(task, NODE));
        }
        return new MetricRequest(new ClusterView("c", Instant.EPOCH, true, nodes, List.of(), all), machines, DEADLINE);
    }

    private static MetricRequest request(String... tasks) {
        return request(List.of(worker(NODE, "127.0.0.1")), List.of(), tasks);
    }

    // ---- tests

    @Test
    void theFirstReadingBringsMemoryAndDiskAndTheSecondCpu() {
        Metrics source = source(Map.of());
        MetricReadings first = source.read(request("t1"));

        assertThat(first.problems()).isEmpty();
        assertThat(value(first, MetricKey.node(Metric.MEMORY, NODE))).isEqualTo(3e9);
        assertThat(value(first, MetricKey.node(Metric.DISK, NODE))).isCloseTo(0.6, within(1e-9));
        assertThat(value(first, MetricKey.task(Metric.MEMORY, "t1"))).isEqualTo(5e6);
        assertThat(first.samples())
                .doesNotContainKeys(MetricKey.node(Metric.CPU, NODE), MetricKey.task(Metric.CPU, "t1"));

        time.shift(Duration.ofSeconds(10));
        nodeExporter.page = nodePage(105, 4e9, 1e9, 10e9, 4e9);
        cAdvisor.page = task("t1", "node1", 12, 23, 1_010_000, 6e6);
        MetricReadings second = source.read(request("t1"));
        assertThat(value(second, MetricKey.node(Metric.CPU, NODE))).isCloseTo(1.0, within(0.05));
        assertThat(value(second, MetricKey.task(Metric.CPU, "t1"))).isCloseTo(0.5, within(1e-9));
        assertThat(second.get(MetricKey.task(Metric.CPU, "t1")).orElseThrow().window())
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void oneCounterForAllCoresIsNotCountedBesideThoseOfEachCore() {
        Metrics source = source(Map.of());
        source.read(request("t1"));
        String total =
                "container_cpu_usage_seconds_total{container_label_com_docker_swarm_task_id=\"t1\",cpu=\"total\"} ";
        cAdvisor.page = total + "100 1010000\n";
        source.read(request("t1"));
        cAdvisor.page = total + "107 1020000\n" + task("t1", "node1", 500, 500, 1_020_000, 1);
        assertThat(value(source.read(request("t1")), MetricKey.task(Metric.CPU, "t1")))
                .isCloseTo(0.7, within(1e-9));
    }

    @Test
    void timesOfAnotherClockAreTakenToOurs() {
        Instant theirs = time.wallClock().plus(Duration.ofHours(3));
        cAdvisor.date = Optional.of(theirs);
        cAdvisor.page = task("t1", "node1", 1, 1, theirs.minusSeconds(4).toEpochMilli(), 5e6);
        Sample sample = source(Map.of())
                .read(request("t1"))
                .get(MetricKey.task(Metric.MEMORY, "t1"))
                .orElseThrow();
        assertThat(sample.age(time.wallClock())).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
    }

    @Test
    void aSampleFromTheFutureIsUnknown() {
        cAdvisor.page =
                task("t1", "node1", 1, 1, time.wallClock().plusSeconds(60).toEpochMilli(), 5e6);
        MetricReadings readings = source(Map.of()).read(request("t1"));
        assertThat(readings.samples()).doesNotContainKey(MetricKey.task(Metric.MEMORY, "t1"));
        assertThat(readings.problems()).anyMatch(problem -> problem.contains("has not come yet"));
    }

    @Test
    void anExporterThatFailsIsToldAndTheOtherIsThere() {
        nodeExporter.status = 500;
        MetricReadings readings = source(Map.of()).read(request("t1", "t2"));
        assertThat(readings.get(MetricKey.task(Metric.MEMORY, "t1"))).isPresent();
        assertThat(readings.samples()).doesNotContainKey(MetricKey.node(Metric.MEMORY, NODE));
        assertThat(readings.problems())
                .anyMatch(problem ->
                        problem.startsWith("node host-node1 at 127.0.0.1, node exporter: ") && problem.contains("500"))
                .anyMatch(problem -> problem.endsWith("cAdvisor: 1 of 2 tasks are not on the page of cAdvisor"));
    }

    @Test
    void oneThatHangsIsLeftOutInTime() {
        nodeExporter.stuck = Optional.of(new CountDownLatch(1));
        long start = System.nanoTime();
        MetricReadings readings = source(Map.of()).read(request("t1"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE);
        assertThat(readings.get(MetricKey.task(Metric.MEMORY, "t1"))).isPresent();
        assertThat(readings.problems()).hasSize(1);
    }

    @Test
    void nobodyWhoAnswersIsAnError() throws IOException {
        nodeExporter.close();
        cAdvisor.close();
        assertThatThrownBy(() -> source(Map.of()).read(request("t1")))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageContaining("host-node1");
    }

    @Test
    void noWorkerIsNoError() {
        assertThat(source(Map.of()).read(request(List.of(), List.of()))).isEqualTo(MetricReadings.EMPTY);
    }

    @Test
    void theNextAddressIsTriedWhenNobodyAnswersAtOne() {
        // Nothing listens on this loopback address.
        Node node = worker(NODE, "127.99.0.1");
        Machine machine = Machine.builder(new MachineId("cloud", "m"), MachineStatus.RUNNING)
                .worker(new WorkerId("w-node1"))
                .addresses(List.of("127.0.0.1"))
                .build();
        Metrics source = source(Map.of());
        MetricRequest request = request(List.of(node), List.of(machine), "t1");
        assertThatThrownBy(() -> source.read(request)).isInstanceOf(MicadoException.class);
        assertThat(source.read(request).get(MetricKey.node(Metric.MEMORY, NODE)))
                .isPresent();
    }

    @Test
    void aPageOfAnotherNodeIsNotTakenForThisOnes() {
        cAdvisor.page = task("t1", "node2", 1, 1, 1_000_000, 5e6);
        MetricReadings readings = source(Map.of()).read(request("t1"));
        assertThat(readings.samples()).doesNotContainKey(MetricKey.task(Metric.MEMORY, "t1"));
        assertThat(readings.problems()).anyMatch(problem -> problem.contains("node2 and not of this one"));
    }

    @Test
    void foreignNodesAreReadOnlyIfAsked() {
        Node foreign = Node.builder(NODE)
                .hostname("manager")
                .address("127.0.0.1")
                .manager(true)
                .build();
        assertThat(source(Map.of()).read(request(List.of(foreign), List.of())).samples())
                .isEmpty();
        assertThat(source(Map.of("nodes", "all"))
                        .read(request(List.of(foreign), List.of()))
                        .samples())
                .containsKey(MetricKey.node(Metric.MEMORY, NODE));
    }

    @Test
    void aSecretIsSentAndNeverShown() {
        String secret = "s3cret-4711";
        Metrics source = source(Map.of("token", Secret.of(secret), "allowPlainHttp", true));
        source.read(request("t1"));
        assertThat(cAdvisor.authorization).isEqualTo("Bearer " + secret);

        cAdvisor.status = 401;
        cAdvisor.page = "no, not with " + secret;
        assertThat(source.read(request("t1")).problems()).isNotEmpty().noneMatch(problem -> problem.contains(secret));
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertRefused(Map.of("token", "x"), "tls");
        assertRefused(Map.of("user", "me"), "password");
        assertRefused(Map.of("nodeExporterPort", 0, "cAdvisorPort", 0), "nothing to read");
        assertRefused(Map.of("address", "somewhere"), "auto, node, private or public");
        assertRefused(Map.of("interval", "10ms"), "1s or more");
    }

    private void assertRefused(Map<String, Object> settings, String why) {
        assertThatThrownBy(() -> new ExportersMetricSource().open(Settings.of(settings), context()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(why);
    }

    private static double value(MetricReadings readings, MetricKey key) {
        return readings.get(key)
                .orElseThrow(() -> new AssertionError("no " + key + " in " + readings))
                .value();
    }

    /** The real time, but for a clock that a test sets forward. */
    private static final class ShiftedTime implements Timekeeper {
        private final SystemTimekeeper real = new SystemTimekeeper();
        private volatile Duration shift = Duration.ZERO;

        void shift(Duration by) {
            shift = shift.plus(by);
        }

        @Override
        public Instant wallClock() {
            return real.wallClock().plus(shift);
        }

        @Override
        public long nanoTime() {
            return real.nanoTime() + shift.toNanos();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return real.schedule(delay, task);
        }

        @Override
        public BoundedExecutor boundedExecutor(String name, int threads) {
            return real.boundedExecutor(name, threads);
        }
    }
}
