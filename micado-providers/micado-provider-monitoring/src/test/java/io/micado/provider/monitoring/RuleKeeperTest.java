package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.MetricRequest;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Settings;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.provider.http.HttpClient;
import io.micado.provider.http.HttpOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule files, whatever happens to the disk and the server. */
class RuleKeeperTest {
    private static final String WEB = "micado-shop-service-web.rules.yml";
    private static final String API = "micado-shop-service-api.rules.yml";
    private static final String POOL = "micado-shop-pool-workers.rules.yml";

    @TempDir
    Path directory;

    private final AtOnce time = new AtOnce();
    private final List<String> warnings = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakePrometheus server;

    @BeforeEach
    void start() throws IOException {
        server = new FakePrometheus();
        open.add(server);
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** Runs what the keeper hands over at once, so that a test sees what became of it. */
    private static final class AtOnce implements Timekeeper {
        private final SystemTimekeeper system = new SystemTimekeeper();
        private Duration passed = Duration.ZERO;

        @Override
        public Instant wallClock() {
            return system.wallClock().plus(passed);
        }

        @Override
        public long nanoTime() {
            return system.nanoTime() + passed.toNanos();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return system.schedule(delay, task);
        }

        @Override
        public BoundedExecutor boundedExecutor(String name, int threads) {
            if (!name.equals("prometheus-rules")) {
                return system.boundedExecutor(name, threads);
            }
            return new BoundedExecutor() {
                @Override
                public Cancellable submit(Runnable task) {
                    task.run();
                    return () -> {};
                }

                @Override
                public void close() {}
            };
        }
    }

    private RuleKeeper keeper(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("rules.directory", directory.toString()));
        settings.putAll(more);
        HttpClient client =
                HttpClient.open(HttpOptions.builder(URI.create(server.uri())).build(), new SystemTimekeeper());
        open.add(client);
        return new RuleKeeper(
                RuleSettings.from(Settings.of(settings)).orElseThrow(),
                () -> List.of(client),
                new PluginContext("shop", "prometheus", time, "io.micado.prometheus", warnings::add));
    }

    private static ServiceState service(String name, Map<String, String> labels) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(Tags.SERVICE_MANAGED, "shop");
        return ServiceState.builder(name, "id-" + name).labels(all).build();
    }

    private static MetricRequest request(ServiceState... services) {
        Node node = Node.builder(new NodeId("n1"))
                .labels(Map.of(Tags.POOL, "workers"))
                .build();
        return new MetricRequest(
                new ClusterView("c", Instant.EPOCH, true, List.of(node), Arrays.asList(services), List.of()),
                List.of(),
                Duration.ofSeconds(5));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private String content(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    // ---- what is written

    @Test
    void filesFollowTheServicesAndEachChangeIsOneReload() throws IOException {
        RuleKeeper keeper = keeper(Map.of());

        keeper.follow(request(service("web", Map.of()), service("api", Map.of())));
        assertThat(files()).containsExactly(POOL, API, WEB);
        keeper.follow(request(service("web", Map.of()), service("api", Map.of())));
        assertThat(server.reloads).isEqualTo(1);

        keeper.follow(request(service("web", Map.of())));
        assertThat(files()).containsExactly(POOL, WEB);
        assertThat(server.reloads).isEqualTo(2);
        assertThat(warnings).isEmpty();
    }

    @Test
    void alertsCarryTheLabelsOfTheOriginal() throws IOException {
        keeper(Map.of()).follow(request(service("web", Map.of())));

        assertThat(content(WEB))
                .contains("alert: \"web_overloaded\"", "alert: \"web_underloaded\"")
                .contains("{alert: overloaded, type: docker, cluster: app_docker_cluster, node: \"\","
                        + " infra_id: \"shop\", application: \"web\"}")
                .contains("> 90", "< 10", "record: micado:service_cpu:percent")
                .contains("avg(sum by (container_label_com_docker_swarm_task_id)");
        assertThat(content(POOL))
                .contains("alert: \"worker_overloaded\"", "alert: \"worker_underloaded\"")
                .contains(
                        "{alert: overloaded, type: VM, cluster: worker_cluster, node: \"workers\", infra_id: \"shop\"}")
                .contains("> 60", "< 20");
    }

    @Test
    void thresholdsComeFromTheSettingsElseFromTheServicesLabels() throws IOException {
        keeper(Map.of("rules.thresholds", Map.of("service:web", "80/25.5", "pool:workers", "70/30")))
                .follow(request(
                        service("web", Map.of("micado.policy.scaleOut", "50")),
                        service("api", Map.of("micado.policy.scaleOut", "55", "micado.policy.scaleIn", "5"))));

        assertThat(content(WEB)).contains("> 80\"", "< 25.5\"");
        assertThat(content(API)).contains("> 55\"", "< 5\"");
        assertThat(content(POOL)).contains("> 70\"", "< 30\"");
    }

    @Test
    void theOriginalsTimingAveragesOverCoresToo() throws IOException {
        keeper(Map.of("rules.timing", "micado-0.3")).follow(request(service("web", Map.of())));

        assertThat(content(WEB)).contains("100 * avg(rate(container_cpu", "interval: 60s", "for: 30s");
        assertThat(content(POOL)).contains("for: 60s", "for: 120s");
    }

    @Test
    void loadIsAShareOfWhatAReplicaReserves() throws IOException {
        ServiceState half = ServiceState.builder("web", "id")
                .labels(Map.of(Tags.SERVICE_MAX, "5"))
                .limit(Resources.of(0.5, 0))
                .build();
        keeper(Map.of()).follow(request(half));

        assertThat(content(WEB)).contains(" / 0.5\"");
    }

    @Test
    void servicesThatNobodyScalesHaveNoRulesUnlessTheyAreAskedFor() throws IOException {
        ServiceState plain = ServiceState.builder("plain", "id").build();
        keeper(Map.of()).follow(request(plain));
        assertThat(files()).containsExactly(POOL);

        keeper(Map.of("rules.services", "all")).follow(request(plain));
        assertThat(files()).hasSize(2);
    }

    // ---- what others wrote

    @Test
    void filesOfOthersStayAsTheyAre() throws IOException {
        Files.writeString(directory.resolve(WEB), "groups: [] # mine\n");
        Files.writeString(directory.resolve("micado-shop-service-gone.rules.yml"), "groups: []\n");
        Files.writeString(directory.resolve("other.rules.yml"), "groups: []\n");
        keeper(Map.of()).follow(request(service("web", Map.of()), service("api", Map.of())));

        assertThat(content(WEB)).contains("# mine");
        assertThat(files()).containsExactly(POOL, API, "micado-shop-service-gone.rules.yml", WEB, "other.rules.yml");
        assertThat(warnings).hasSize(1).allMatch(warning -> warning.contains("somebody else's"));
    }

    @Test
    void whatAnEarlierRunLeftIsTakenAwayButNotOfAnInfrastructureWithALongerName() throws IOException {
        keeper(Map.of()).follow(request(service("web", Map.of())));
        String ofLonger = content(WEB).replace("infrastructure \"shop\"", "infrastructure \"shop-service\"");
        Files.writeString(directory.resolve("micado-shop-service-service-x.rules.yml"), ofLonger);

        keeper(Map.of()).follow(request());

        assertThat(files()).containsExactly(POOL, "micado-shop-service-service-x.rules.yml");
    }

    @Test
    void aNameNeverLeadsOutOfTheDirectory() throws IOException {
        keeper(Map.of()).follow(request(service("../../etc/cron.d/x", Map.of()), service("a\"b\nc", Map.of())));

        assertThat(files()).hasSize(3).allMatch(name -> name.startsWith("micado-shop-"));
    }

    // ---- what goes wrong

    @Test
    void refusedRulesAreTakenBackAndTriedAgainLater() throws IOException {
        RuleKeeper keeper = keeper(Map.of());
        keeper.follow(request(service("web", Map.of())));
        String before = content(WEB);
        server.reloadStatus = 500;

        MetricRequest changed =
                request(service("web", Map.of("micado.policy.scaleOut", "50")), service("api", Map.of()));
        keeper.follow(changed);
        assertThat(content(WEB)).isEqualTo(before);
        assertThat(files()).containsExactly(POOL, WEB);
        assertThat(warnings).hasSize(1).allMatch(warning -> warning.contains("refused new rules"));
        assertThat(keeper.problem()).contains(warnings.get(0));
        int reloads = server.reloads;
        keeper.follow(changed);
        assertThat(server.reloads).isEqualTo(reloads);

        server.reloadStatus = 200;
        time.passed = Duration.ofMinutes(6);
        keeper.follow(changed);
        assertThat(content(WEB)).contains("> 50");
        assertThat(keeper.problem()).isEmpty();
    }

    @Test
    void aServerThatIsDownIsToldToReloadWhenItIsBack() throws IOException {
        RuleKeeper keeper = keeper(Map.of());
        FakePrometheus up = server;
        up.reloadStatus = 503;
        keeper.follow(request(service("web", Map.of())));
        assertThat(files()).contains(WEB);
        assertThat(warnings).hasSize(1);
        assertThat(keeper.problem()).contains(warnings.get(0));

        up.reloadStatus = 200;
        keeper.follow(request(service("web", Map.of())));
        int once = server.reloads;
        keeper.follow(request(service("web", Map.of())));
        assertThat(server.reloads).isEqualTo(once).isEqualTo(2);
        assertThat(keeper.problem()).isEmpty();
    }

    @Test
    void whileTheDiskTakesNothingTheRulesStayAndLaterTheyAreWritten() throws IOException {
        RuleKeeper keeper = keeper(Map.of());
        keeper.follow(request(service("web", Map.of())));
        String before = content(WEB);
        // A directory in the temporary file's place makes the write fail, as a full disk does.
        Path obstacle = Files.createDirectory(directory.resolve("." + WEB + ".tmp"));
        Files.createFile(obstacle.resolve("x"));

        MetricRequest changed = request(service("web", Map.of("micado.policy.scaleOut", "50")));
        keeper.follow(changed);
        keeper.follow(changed);
        assertThat(content(WEB)).isEqualTo(before);
        assertThat(warnings).hasSize(1);

        Files.delete(obstacle.resolve("x"));
        Files.delete(obstacle);
        keeper.follow(changed);
        assertThat(content(WEB)).contains("> 50");
        assertThat(files()).containsExactly(POOL, WEB);
    }

    @Test
    void aDirectoryThatIsNotThereIsToldOnceAndUsedWhenItIs() throws IOException {
        Path missing = directory.resolve("missing");
        RuleKeeper keeper = keeper(Map.of("rules.directory", missing.toString()));
        keeper.follow(request(service("web", Map.of())));
        keeper.follow(request(service("web", Map.of())));
        assertThat(missing).doesNotExist();
        assertThat(warnings)
                .containsExactly(
                        "rules were not written: rules.directory " + missing
                                + " is not there or no directory; make one that this program may write and the server may read");

        Files.createDirectory(missing);
        keeper.follow(request(service("web", Map.of())));
        assertThat(missing.resolve(WEB)).exists();
        assertThat(keeper.problem()).isEmpty();
    }

    @Test
    void aFileInTheDirectorysPlaceIsToldAlike() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        keeper(Map.of("rules.directory", file.toString())).follow(request(service("web", Map.of())));
        assertThat(warnings).singleElement().asString().contains(file + " is not there or no directory");
    }
}
