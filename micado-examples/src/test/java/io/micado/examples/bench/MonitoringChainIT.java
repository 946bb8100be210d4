package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Worker;
import io.micado.http.AlertReceiver;
import io.micado.http.MicadoHttpServer;
import io.micado.http.MicadoHttpServerBuilder;
import io.micado.http.MonitoringRoutes;
import io.micado.http.MonitoringTiming;
import io.micado.policy.Alerts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole chain of monitoring on a real Swarm: the load of a service's replicas is measured by a real cAdvisor on their worker, fires an
 * alert of a real Prometheus by generated rules, which a real Alertmanager tells our webhook by generated configuration, and becomes
 * a replica. Workers and services are discovered, scraped and known to a real Consul; what is removed leaves no rule and no registration.
 */
class MonitoringChainIT {
    private static final String REQUIRED = "micado.docker.required";
    private static final String WORKER_IMAGE = "micado/worker:monitored";
    private static final String SERVICE_IMAGE = "micado/busybox";
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker.lock");
    private static final String TOKEN = "0123456789abcdef-token";
    private static final double RESERVED = 0.1;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger wantedWorkers = new AtomicInteger(1);
    private FileChannel lock;
    private MonitoringPrograms programs;
    private int prometheus;
    private int consul;

    @TempDir
    Path directory;

    @BeforeEach
    void requireEverything() throws IOException {
        lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent() && Boolean.getBoolean(REQUIRED)) {
            throw new AssertionError(obstacle.get());
        }
        obstacle.ifPresent(why -> System.err.println("*** SKIPPED MonitoringChainIT: " + why));
        Assumptions.assumeTrue(obstacle.isEmpty());
        programs = new MonitoringPrograms(directory);
        open.push(programs);
        prometheus = MonitoringPrograms.freePort();
        consul = MonitoringPrograms.freePort();
    }

    private static Optional<String> obstacle() {
        if (!DockerSwarm.membership().equals("inactive")) {
            return Optional.of("there is no engine without a Swarm: \"" + DockerSwarm.membership() + "\"");
        }
        for (String image : List.of(WORKER_IMAGE, SERVICE_IMAGE)) {
            if (!DockerSwarm.hasImage(image)) {
                return Optional.of("there is no image " + image
                        + "; run: micado-examples/docker/images.sh worker busybox monitored");
            }
        }
        return MonitoringPrograms.missing();
    }

    @AfterEach
    void end() throws Exception {
        try (FileChannel held = lock) { // closing it releases the lock
            assertThat(held.isOpen()).isTrue();
            while (!open.isEmpty()) {
                open.pop().close();
            }
        }
    }

    @Test
    void loadBecomesAReplicaAndWhatIsRemovedLeavesNothing() throws Exception {
        AlertReceiver alerts = AlertReceiver.builder("chain").build();
        Path rules = Files.createDirectory(directory.resolve("rules"));
        SharedLoad load = SharedLoad.at(DockerSwarm.gateway());
        open.push(load);
        Micado micado = infrastructure(alerts, rules);
        startPrograms(micado, alerts, rules);
        AutoCloseable takenAway = () -> micado.destroy().get(2, TimeUnit.MINUTES);
        open.push(takenAway);
        micado.start();

        // A worker is discovered and both of its exporters are scraped, and so are we.
        until("the first worker is scraped", () -> scraped(micado, 1));
        until("we are scraped", () -> query("up{job=\"micado\"} == 1").contains("\"1\"]"));

        // The load that one replica carries fires nothing.
        load.set("web", 0.5 * RESERVED);
        micado.deploy(ServiceSpec.builder("web")
                        .image(SERVICE_IMAGE)
                        .arguments(load.arguments("web"))
                        .reservation(Resources.ofCores(RESERVED))
                        .replicas(1, 3)
                        .policy(Alerts.steps())
                        .behavior(Behavior.IMMEDIATE)
                        .build())
                .get(1, TimeUnit.MINUTES);
        Path ofWeb = rules.resolve("micado-chain-service-web.rules.yml");
        until("rules are loaded", () -> rulesOfPrometheus().contains("web_overloaded"));
        assertThat(MonitoringPrograms.objection("promtool", "check", "rules", ofWeb.toString()))
                .isEmpty();
        until(
                "its load is known",
                () -> query("micado:service_cpu:percent{service=\"web\"}").contains("\"value\""));
        assertThat(DockerSwarm.tasks("web", "Running")).isEqualTo(1);
        assertThat(alerts.firing()).isZero();

        // Twice what one carries is an alert, and the alert a replica.
        load.set("web", 2 * RESERVED);
        until("an alert is heard", () -> alerts.firing() > 0);
        until("the Swarm runs a second replica", () -> DockerSwarm.tasks("web", "Running") >= 2);
        until("they share the load", () -> load.replicas("web") >= 2);

        aSecondWorkerIsDiscovered(micado);
        aServiceIsScrapedAndKnownToConsul(micado);
        theServiceLeavesNoRules(micado, ofWeb);
        open.remove(takenAway);
        takenAway.close();
        until("Consul knows no worker", () -> !consul("worker_cluster").contains("\"micado_worker\""));
        assertThat(DockerSwarm.membership()).isEqualTo("inactive");
    }

    private void aSecondWorkerIsDiscovered(Micado micado) throws Exception {
        wantedWorkers.set(2);
        until("both workers are scraped", () -> scraped(micado, 2));
        until(
                "both are healthy in Consul",
                () -> consul("app_docker_cluster").split("\"micado_worker\"", -1).length == 3);
    }

    private void aServiceIsScrapedAndKnownToConsul(Micado micado) throws Exception {
        micado.deploy(ServiceSpec.builder("page")
                        .image(SERVICE_IMAGE)
                        .arguments("sh", "-c", "echo 'orders_waiting 7' > /www/metrics; exec httpd -f -h /www -p 8080")
                        .publish(new PublishedPort(18_080, 8080, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST))
                        .replicas(1, 1)
                        .build())
                .get(1, TimeUnit.MINUTES);
        until(
                "its own metrics are known",
                () -> query("orders_waiting{service=\"page\"}").contains("\"7\"]"));
        until("it is healthy in Consul", () -> consul("page").contains("\"micado_service\":\"page\""));
        micado.remove("page").get(1, TimeUnit.MINUTES);
        until("Consul has forgotten it", () -> consul("page").equals("[]"));
    }

    private void theServiceLeavesNoRules(Micado micado, Path ofWeb) throws Exception {
        micado.remove("web").get(1, TimeUnit.MINUTES);
        until("its rules are gone", () -> !Files.exists(ofWeb));
        until("they are unloaded", () -> !rulesOfPrometheus().contains("web_overloaded"));
    }

    private Micado infrastructure(AlertReceiver alerts, Path rules) {
        Micado micado = Micado.builder()
                .name("chain")
                .orchestrator("swarm")
                .cloud("local", "local", Settings.of("image", WORKER_IMAGE))
                .pool(
                        "workers",
                        pool -> pool.between(1, 2)
                                .offering("local", "whole", Settings.EMPTY)
                                .policy(PolicySpec.of(
                                        in -> Recommendation.of(wantedWorkers.get(), "as the test wants"))))
                .metrics("alerts", alerts)
                .metrics(
                        "prometheus",
                        Settings.of(Map.of(
                                "endpoint",
                                "http://127.0.0.1:" + prometheus,
                                "interval",
                                "2s",
                                "rules.directory",
                                rules.toString(),
                                // Of what a replica reserves; what else this machine does fires nothing.
                                "rules.thresholds",
                                Map.of("service:web", "80/1", "pool:workers", "100/0"))))
                .metrics(
                        "consul",
                        Settings.of(
                                Map.of("endpoint", "http://127.0.0.1:" + consul, "interval", "2s", "services", true)))
                .stateDirectory(directory.resolve("state"))
                .build();
        open.push(micado);
        return micado;
    }

    private void startPrograms(Micado micado, AlertReceiver alerts, Path rules) throws Exception {
        int alertmanager = MonitoringPrograms.freePort();
        MicadoHttpServerBuilder builder = MicadoHttpServer.builder().port(0).token(Secret.of(TOKEN));
        MonitoringRoutes.of(micado)
                .alerts(alerts)
                .tokenFile(Files.writeString(directory.resolve("token"), TOKEN))
                .rules(rules)
                .alertmanager("127.0.0.1:" + alertmanager)
                .addTo(builder);
        MicadoHttpServer server = builder.build();
        open.push(server);
        server.start();
        server.add(micado);
        String monitoring = server.uri().resolve("/monitoring/chain").toString();
        programs.startPrometheus("prometheus", prometheus, fetch(monitoring + "/prometheus.yml"));
        programs.startAlertmanager("alertmanager", alertmanager, fetch(monitoring + "/alertmanager.yml"));
        programs.startConsul("consul", consul);
    }

    @Test
    void theConfigurationsOfEachTimingAreTakenByTheRealTools() throws Exception {
        Micado micado = infrastructure(AlertReceiver.builder("chain").build(), directory.resolve("rules"));
        for (MonitoringTiming timing : MonitoringTiming.values()) {
            for (String base : List.of("http://127.0.0.1:5000", "https://micado.example.org/behind/a/proxy/")) {
                MicadoHttpServerBuilder builder =
                        MicadoHttpServer.builder().port(0).token(Secret.of(TOKEN));
                MonitoringRoutes.of(micado)
                        .alerts(AlertReceiver.builder("chain").build())
                        .tokenFile(Files.writeString(directory.resolve("to\"ken"), TOKEN))
                        .base(URI.create(base))
                        .timing(timing)
                        .addTo(builder);
                try (MicadoHttpServer server = builder.build()) {
                    server.start();
                    String monitoring =
                            server.uri().resolve("/monitoring/chain").toString();
                    Path ofPrometheus = fetch(monitoring + "/prometheus.yml");
                    Path ofAlertmanager = fetch(monitoring + "/alertmanager.yml");
                    assertThat(MonitoringPrograms.objection("promtool", "check", "config", ofPrometheus.toString()))
                            .as("%s at %s", timing, base)
                            .isEmpty();
                    assertThat(MonitoringPrograms.objection("amtool", "check-config", ofAlertmanager.toString()))
                            .as("%s at %s", timing, base)
                            .isEmpty();
                }
            }
        }
    }

    /** {@return whether there are so many workers, and both exporters of each are scraped} */
    private boolean scraped(Micado micado, int count) throws Exception {
        List<Worker> workers = micado.status().workers();
        for (Worker worker : workers) {
            String up = query("up{micado_worker=\"" + worker.id() + "\"} == 1");
            if (!up.contains("\"job\":\"worker_cluster\"") || !up.contains("\"job\":\"app_docker_cluster\"")) {
                return false;
            }
        }
        return workers.size() == count;
    }

    private String query(String text) throws Exception {
        return get("http://127.0.0.1:" + prometheus + "/api/v1/query?query="
                + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }

    private String rulesOfPrometheus() throws Exception {
        return get("http://127.0.0.1:" + prometheus + "/api/v1/rules");
    }

    /** {@return what Consul knows of a service's healthy instances} */
    private String consul(String service) throws Exception {
        return get("http://127.0.0.1:" + consul + "/v1/health/service/" + service + "?passing")
                .replaceAll("\\s", "");
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
        long start = System.nanoTime();
        while (!met(condition)) {
            if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(3)) {
                throw new AssertionError("never came about: " + what + programs.lastWords());
            }
            assertThat(new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static boolean met(Callable<Boolean> condition) throws Exception {
        try {
            return condition.call();
        } catch (IOException e) {
            return false; // the server is not up yet
        }
    }
}
