package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.scaling.Behavior;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import io.micado.http.AlertReceiver;
import io.micado.http.Discovery;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.policy.Alerts;
import io.micado.simulation.SimulatedCloudProvider;
import io.micado.simulation.SimulatedOrchestrator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Prometheus, Alertmanager, node exporter and Consul around an infrastructure whose workers are simulated, and all stand for
 * this machine: its load fires an alert, which comes back over the webhook and makes one more worker, which is discovered.
 */
class MonitoringIT {
    private static final String REQUIRED = "micado.docker.required";
    private static final String TOKEN = "0123456789abcdef-token";

    private final List<Process> processes = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @BeforeEach
    void requireThePrograms() {
        Optional<String> missing = Stream.of(
                        "prometheus",
                        "promtool",
                        "prometheus-alertmanager",
                        "amtool",
                        "prometheus-node-exporter",
                        "consul")
                .filter(name -> !Files.isExecutable(program(name)))
                .findFirst();
        if (missing.isPresent() && Boolean.getBoolean(REQUIRED)) {
            throw new AssertionError("there is no " + missing.get() + "; run: .ci/monitoring");
        }
        missing.ifPresent(name -> System.err.println("*** SKIPPED MonitoringIT: there is no " + name));
        Assumptions.assumeTrue(missing.isEmpty());
    }

    private static Path program(String name) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Path.of(
                System.getenv().getOrDefault("MICADO_MONITORING", cache + "/micado/monitoring"), "usr/bin", name);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void loadFiresAnAlertThatMakesAWorkerThatIsDiscovered() throws Exception {
        int prometheus = freePort();
        int alertmanager = freePort();
        int nodeExporter = freePort();
        int consul = freePort();
        Path rules = Files.createDirectory(directory.resolve("rules"));
        Path token = Files.writeString(directory.resolve("token"), TOKEN);

        AlertReceiver alerts =
                AlertReceiver.builder("it").interval(Duration.ofSeconds(1)).build();
        Micado micado = infrastructure(alerts, prometheus, nodeExporter, consul, rules);
        MicadoHttpServerBuilder builder = MicadoHttpServer.builder().port(0).token(Secret.of(TOKEN));
        MonitoringRoutes.of(micado)
                .alerts(alerts)
                .discovery(Discovery.of(micado, nodeExporter, freePort()))
                .tokenFile(token)
                .rules(rules)
                .alertmanager("127.0.0.1:" + alertmanager)
                .addTo(builder);
        MicadoHttpServer server = builder.build();
        open.add(server);
        server.start();
        String monitoring = server.uri().resolve("/monitoring/it").toString();

        Path ofPrometheus = fetch(monitoring + "/prometheus.yml");
        Path ofAlertmanager = fetch(monitoring + "/alertmanager.yml");
        check("promtool", "check", "config", ofPrometheus.toString());
        check("amtool", "check-config", ofAlertmanager.toString());
        start("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + nodeExporter);
        start(
                "prometheus",
                "--config.file=" + ofPrometheus,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + prometheus,
                "--web.enable-lifecycle");
        startAlertmanager(alertmanager, ofAlertmanager);
        startConsul(consul);
        micado.start();

        // Rules are there for service and pool, are valid, and loaded.
        Path ofService = rules.resolve("micado-it-service-web.rules.yml");
        Path ofPool = rules.resolve("micado-it-pool-worker.rules.yml");
        until("rules are written", () -> Files.exists(ofService) && Files.exists(ofPool));
        check("promtool", "check", "rules", ofService.toString(), ofPool.toString());
        until(
                "rules are loaded",
                () -> get("http://127.0.0.1:" + prometheus + "/api/v1/rules").contains("web_underloaded"));

        // Load fires the alert, which comes back and makes one more worker.
        until("an alert is heard", () -> alerts.firing() > 0);
        until("there is one more worker", () -> micado.status().workers().size() == 2);

        // Both are found by Prometheus and by Consul.
        for (Worker worker : micado.status().workers()) {
            until("it is scraped", () -> discovered(prometheus, worker.id().value()));
        }
        String passing = "http://127.0.0.1:" + consul + "/v1/health/service/worker_cluster?passing";
        until("both are healthy in Consul", () -> get(passing).split("\"micado_worker\"", -1).length == 3);

        // What has gone leaves nothing behind.
        micado.remove("web").get(20, TimeUnit.SECONDS);
        until("its rules are gone", () -> !Files.exists(ofService));
        until(
                "they are unloaded",
                () -> !get("http://127.0.0.1:" + prometheus + "/api/v1/rules").contains("web_underloaded"));
        micado.destroy().get(60, TimeUnit.SECONDS);
        until("Consul knows no worker", () -> !get(passing).contains("\"micado_worker\""));
    }

    @Test
    void theRealServerTellsThePast() throws Exception {
        int prometheus = freePort();
        int nodeExporter = freePort();
        Path configuration = Files.writeString(directory.resolve("past.yml"), """
                global: {scrape_interval: 1s}
                scrape_configs:
                - job_name: worker_cluster
                  static_configs:
                  - targets: ["127.0.0.1:%d"]
                    labels: {micado_infrastructure: it, micado_pool: the.pool, micado_node: n}
                """.formatted(nodeExporter));
        start("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + nodeExporter);
        start(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("past"),
                "--web.listen-address=127.0.0.1:" + prometheus);
        Metrics source = new PrometheusMetricSource()
                .open(
                        Settings.of(Map.of(
                                "endpoint",
                                "http://127.0.0.1:" + prometheus,
                                "window",
                                "5s",
                                "hostQueries",
                                Map.of("scraped", "sum(up)"))),
                        new PluginContext("it", "past", new SystemTimekeeper(), "io.micado.it", warning -> {}));
        open.add(source);
        MetricKey cpu = MetricKey.pool(Metric.CPU, "the.pool");
        MetricKey memory = MetricKey.pool(Metric.MEMORY, "the.pool");
        MetricKey scraped = MetricKey.host("scraped");
        MetricKey ofNobody = MetricKey.service(Metric.CPU, "nobody's");
        // Longer than 11,000 steps of a second.
        HistoryRequest request = new HistoryRequest(
                List.of(cpu, memory, scraped, ofNobody, MetricKey.service(Metric.MEMORY, "nobody's")),
                Duration.ofHours(4),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20));

        until("there is a past", () -> past(source, request).of(cpu).size() > 5);
        MetricHistory history = past(source, request);
        assertThat(history.problems()).isEmpty();
        assertThat(history.of(cpu))
                .allSatisfy(sample -> assertThat(sample.value())
                        .isBetween(0.0, Runtime.getRuntime().availableProcessors() * 1.5));
        assertThat(history.of(memory))
                .allSatisfy(sample -> assertThat(sample.value()).isGreaterThan(1e7));
        assertThat(history.of(scraped).get(history.of(scraped).size() - 1).value())
                .isEqualTo(1);
        assertThat(history.samples()).doesNotContainKey(ofNobody);
    }

    /** {@return the past; none while the server is not up yet} */
    private static MetricHistory past(Metrics source, HistoryRequest request) {
        try {
            return source.history(request);
        } catch (MicadoException e) {
            return MetricHistory.NONE;
        }
    }

    @Test
    void theRulesOfBothTimingsAreValid() throws Exception {
        for (RuleTiming timing : RuleTiming.values()) {
            RuleText text = new RuleText("shop \"1\"", timing);
            ServiceState service = ServiceState.builder("we\\b \"x\".y", "id")
                    .limit(Resources.of(0.5, 0))
                    .build();
            Path ofService = directory.resolve(timing + "-service.yml");
            Path ofPool = directory.resolve(timing + "-pool.yml");
            Files.writeString(ofService, text.ofService(service, Thresholds.SERVICE));
            Files.writeString(ofPool, text.ofPool("p: {x}", Thresholds.POOL));
            check("promtool", "check", "rules", ofService.toString(), ofPool.toString());
        }
    }

    private Micado infrastructure(AlertReceiver alerts, int prometheus, int nodeExporter, int consul, Path rules) {
        PluginContext context = new PluginContext("it", "sim", new SystemTimekeeper(), "io.micado.it", warning -> {});
        Cluster cluster = new OnThisMachine(new SimulatedOrchestrator()
                .open(Settings.of("taskStart", "20ms").with("taskStop", "20ms"), context));
        Cloud cloud = new SimulatedCloudProvider()
                .open(Settings.of("bootTime", "50ms").with("joinTime", "20ms"), context);
        open.add(cluster);
        open.add(cloud);
        Micado micado = Micado.builder()
                .name("it")
                .orchestrator(cluster)
                .cloud("sim", cloud)
                .pool(WorkerPool.builder("worker")
                        .between(1, 3)
                        .offering("sim", "small", Settings.EMPTY)
                        .policy(Alerts.steps())
                        .behavior(Behavior.IMMEDIATE)
                        .build())
                .service(ServiceSpec.builder("web")
                        .image("shop/web")
                        .replicas(1, 6)
                        .policy(Alerts.steps())
                        .build())
                .metrics("alerts", alerts)
                .metrics(
                        "prometheus",
                        Settings.of(Map.of(
                                "endpoint",
                                "http://127.0.0.1:" + prometheus,
                                "interval",
                                "1s",
                                "rules.directory",
                                rules.toString(),
                                "rules.thresholds",
                                Map.of("pool:worker", "0.001/0"))))
                .metrics(
                        "consul",
                        Settings.of(Map.of(
                                "endpoint",
                                "http://127.0.0.1:" + consul,
                                "interval",
                                "1s",
                                "nodeExporterPort",
                                nodeExporter,
                                "cAdvisorPort",
                                0)))
                .passInterval(Duration.ofSeconds(1))
                .stateDirectory(directory.resolve("state"))
                .build();
        open.add(micado);
        return micado;
    }

    /** A cluster all of whose nodes are this machine, as far as exporters are concerned. */
    private record OnThisMachine(Cluster cluster) implements Cluster {
        @Override
        public ClusterView observe() {
            ClusterView seen = cluster.observe();
            return new ClusterView(
                    seen.clusterId(),
                    seen.observedAt(),
                    seen.quorum(),
                    seen.nodes().stream().map(OnThisMachine::here).toList(),
                    seen.services(),
                    seen.tasks());
        }

        private static Node here(Node node) {
            return Node.builder(node.id())
                    .hostname(node.hostname())
                    .address("localhost")
                    .manager(node.manager())
                    .status(node.status())
                    .availability(node.availability())
                    .capacity(node.capacity())
                    .labels(node.labels())
                    .engineLabels(node.engineLabels())
                    .version(node.version())
                    .attributes(node.attributes())
                    .build();
        }

        @Override
        public void apply(ClusterChange change) {
            cluster.apply(change);
        }

        @Override
        public JoinInfo joinInfo() {
            return cluster.joinInfo();
        }

        @Override
        public void start() {
            cluster.start();
        }

        @Override
        public CoordinationStore coordination() {
            return cluster.coordination();
        }

        @Override
        public void close() {
            cluster.close();
        }
    }

    private boolean discovered(int prometheus, String worker) throws Exception {
        return get("http://127.0.0.1:" + prometheus + "/api/v1/query?query=up%7Bmicado_worker%3D%22" + worker
                        + "%22,job%3D%22worker_cluster%22%7D")
                .contains("\"1\"]");
    }

    /** Debian's has its templates at a fixed place, which it only has when it is installed: it is shown them there, and nobody else is. */
    private void startAlertmanager(int port, Path configuration) throws IOException {
        String there = "mount --bind \"$0\" /usr/share && exec \"$@\"";
        run(
                "prometheus-alertmanager",
                List.of(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        there,
                        program("../share").normalize().toString(),
                        program("prometheus-alertmanager").toString(),
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve("am"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address="));
    }

    private void startConsul(int port) throws IOException {
        start(
                "consul",
                "agent",
                "-dev",
                "-bind=127.0.0.1",
                "-http-port=" + port,
                "-dns-port=-1",
                "-grpc-port=-1",
                "-server-port=" + freePort(),
                "-serf-lan-port=" + freePort(),
                "-serf-wan-port=" + freePort());
    }

    private void start(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program(name).toString()));
        command.addAll(List.of(arguments));
        run(name, command);
    }

    private void run(String name, List<String> command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start());
    }

    private void check(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program(name).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private Path fetch(String uri) throws Exception {
        Path file = directory.resolve(URI.create(uri).getPath().replace('/', '_'));
        return Files.writeString(file, get(uri));
    }

    private String get(String uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(10))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            boolean met;
            try {
                met = condition.call();
            } catch (IOException e) {
                met = false; // the server is not up yet
            }
            if (met) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("never came about: " + what + logs());
            }
            assertThat(new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    /** {@return the last lines of what the programs said} */
    private String logs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                List<String> lines = Files.readAllLines(log);
                all.append('\n').append(log.getFileName()).append('\n');
                all.append(String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size())));
            }
        }
        return all.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
