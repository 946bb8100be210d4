package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.micado.api.spi.Settings;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real node exporter and cAdvisor tell what a Swarm's task uses that is held to half a core. */
class ExportersIT {
    private static final String REQUIRED = "micado.docker.required";
    private static final String IMAGE = "progrium/stress:latest";
    private static final String SERVICE = "micado-exporters-it";
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker.lock");

    private final List<Process> processes = new ArrayList<>();
    private FileChannel lock;
    private boolean swarmIsOurs;

    @TempDir
    Path directory;

    @BeforeEach
    void requireEverything() throws Exception {
        lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent() && Boolean.getBoolean(REQUIRED)) {
            throw new AssertionError(obstacle.get());
        }
        obstacle.ifPresent(why -> System.err.println("*** SKIPPED ExportersIT: " + why));
        Assumptions.assumeTrue(obstacle.isEmpty());
    }

    private Optional<String> obstacle() throws Exception {
        if (!Files.isExecutable(program("cadvisor")) || !Files.isExecutable(program("prometheus-node-exporter"))) {
            return Optional.of("there are no exporters in " + program("") + "; run: .ci/monitoring");
        }
        String state = docker("info", "--format", "{{.Swarm.LocalNodeState}}");
        if (!state.equals("inactive")) {
            return Optional.of("there is no engine without a Swarm: " + state);
        }
        return docker("image", "inspect", "--format", "{{.Os}}", IMAGE).equals("linux")
                ? Optional.empty()
                : Optional.of("there is no image " + IMAGE + "; run: micado-examples/docker/images.sh stress");
    }

    private static Path program(String name) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Path.of(
                System.getenv().getOrDefault("MICADO_MONITORING", cache + "/micado/monitoring"), "usr/bin", name);
    }

    @AfterEach
    void end() throws Exception {
        if (swarmIsOurs) {
            docker("service", "rm", SERVICE);
            docker("swarm", "leave", "--force");
        }
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        lock.close(); // releases the lock
    }

    @Test
    void tellWhatATaskUses() throws Exception {
        int nodeExporter = freePort();
        int cAdvisor = freePort();
        start("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + nodeExporter);
        start("cadvisor", "-listen_ip=127.0.0.1", "-port=" + cAdvisor, "-housekeeping_interval=1s");
        docker("swarm", "init", "--advertise-addr=127.0.0.1", "--listen-addr=127.0.0.1:2377");
        swarmIsOurs = true;
        docker("service", "create", "--detach", "--name=" + SERVICE, "--limit-cpu=0.5", IMAGE, "--cpu", "1");

        NodeId node = new NodeId(docker("node", "ls", "--quiet"));
        SystemTimekeeper time = new SystemTimekeeper();
        PluginContext context =
                new PluginContext("exporters-it", "exporters", time, "io.micado.exporters", warning -> {});
        try (Metrics source = new ExportersMetricSource()
                .open(
                        Settings.of(Map.of("nodeExporterPort", nodeExporter, "cAdvisorPort", cAdvisor, "nodes", "all")),
                        context)) {
            String task = taskId();
            MetricRequest request = request(node, task);
            MetricReadings readings = readUntilSettled(source, request, MetricKey.task(Metric.CPU, task), 0.35, 0.65);

            assertThat(readings.problems()).isEmpty();
            assertThat(value(readings, MetricKey.task(Metric.MEMORY, task))).isBetween(1e4, 1e8);
            assertThat(value(readings, MetricKey.node(Metric.CPU, node)))
                    .isGreaterThan(0.3)
                    .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors() * 1.1);
            assertThat(value(readings, MetricKey.node(Metric.MEMORY, node))).isGreaterThan(1e7);
            assertThat(value(readings, MetricKey.node(Metric.DISK, node))).isBetween(0.0, 1.0);
            assertThat(readings.get(MetricKey.task(Metric.CPU, task))
                            .orElseThrow()
                            .age(time.wallClock()))
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    private MetricReadings readUntilSettled(
            Metrics source, MetricRequest request, MetricKey key, double least, double most) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        String last = "nothing";
        while (System.nanoTime() < end) {
            try {
                MetricReadings readings = source.read(request);
                last = readings.toString();
                Optional<Double> value = readings.get(key).map(Sample::value);
                if (value.isPresent() && value.get() >= least && value.get() <= most) {
                    return readings;
                }
            } catch (MicadoException e) {
                last = e.getMessage();
            }
            assertThat(new CountDownLatch(1).await(3, TimeUnit.SECONDS)).isFalse();
        }
        throw new AssertionError("after 2 min " + key + " was not within " + least + " and " + most + ": " + last);
    }

    private static double value(MetricReadings readings, MetricKey key) {
        return readings.get(key)
                .orElseThrow(() -> new AssertionError("no " + key + " in " + readings))
                .value();
    }

    private static MetricRequest request(NodeId node, String task) {
        Node manager = Node.builder(node)
                .hostname("manager")
                .address("127.0.0.1")
                .manager(true)
                .build();
        TaskState running = new TaskState(
                task,
                SERVICE,
                TaskState.Phase.RUNNING,
                Optional.of(node),
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                "");
        return new MetricRequest(
                new ClusterView("c", Instant.EPOCH, true, List.of(manager), List.of(), List.of(running)),
                List.of(),
                Duration.ofSeconds(5));
    }

    private String taskId() throws Exception {
        for (int i = 0; i < 100; i++) {
            String task = docker("service", "ps", "--no-trunc", "--quiet", "--filter=desired-state=running", SERVICE);
            if (!task.isBlank()) {
                return task.lines().findFirst().orElseThrow();
            }
            assertThat(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)).isFalse();
        }
        throw new AssertionError("no task was made");
    }

    private void start(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program(program).toString()));
        command.addAll(List.of(arguments));
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(program + ".log").toFile())
                .start());
    }

    /** {@return what the command wrote, or why it could not} */
    private static String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output.strip();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
