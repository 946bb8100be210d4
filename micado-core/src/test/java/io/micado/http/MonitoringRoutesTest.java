package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import io.micado.Micado;
import io.micado.Status;
import io.micado.api.scaling.Bounds;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Secret;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Prometheus and an Alertmanager are told. */
class MonitoringRoutesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Worker worker(String id, WorkerState state, String address) {
        Optional<Node> node = state.isArriving()
                ? Optional.empty()
                : Optional.of(Node.builder(new NodeId("n-" + id))
                        .hostname("h-" + id)
                        .address(address)
                        .build());
        return new Worker(
                new WorkerId(id),
                "worker",
                state,
                Duration.ZERO,
                Resources.ZERO,
                Optional.empty(),
                Optional.empty(),
                node,
                "test");
    }

    private static Status status(Optional<Instant> at, List<Worker> workers, PublishedPort... ports) {
        return new Status(
                "shop",
                Optional.of("id"),
                at,
                true,
                "",
                List.of(new Status.ServiceStatus(
                        "web", "image", 1, 1, 0, Bounds.of(1, 2), "alerts", "", List.of(ports))),
                workers,
                List.of(),
                List.of(),
                List.of(TaskState.placed("t", "web", TaskState.Phase.RUNNING, new NodeId("n-a"), NOW, "c")),
                Map.of());
    }

    private static Reply ask(Status status, Map<String, String> query) {
        return Discovery.of(() -> status).handle(new Request("GET", Map.of(), query, new Headers(), new byte[0]));
    }

    private static String targets(Status status, String job) {
        return new String(ask(status, Map.of("job", job)).body(), StandardCharsets.UTF_8);
    }

    @Test
    void targetsAreInTheFormatThatPrometheusReads() {
        Status status = status(Optional.of(NOW), List.of(worker("a", WorkerState.READY, "10.0.0.5")));
        Reply reply = ask(status, Map.of("job", "worker_cluster"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).isEqualTo("application/json");
        assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo("[{\"targets\":[\"10.0.0.5:9100\"],\"labels\":{\"job\":\"worker_cluster\","
                        + "\"micado_infrastructure\":\"shop\",\"micado_pool\":\"worker\",\"micado_worker\":\"a\","
                        + "\"micado_node\":\"n-a\",\"micado_host\":\"h-a\"}}]");
        assertThat(targets(status, "app_docker_cluster")).contains("10.0.0.5:9200");
    }

    @Test
    void onlyWorkersThatHaveJoinedAndAreNotGoneAreTargets() {
        Status status = status(
                Optional.of(NOW),
                List.of(
                        worker("a", WorkerState.DRAINING, "fd00::5"),
                        worker("b", WorkerState.BOOTING, ""),
                        worker("c", WorkerState.TERMINATING, "10.0.0.7"),
                        worker("d", WorkerState.LOST, "10.0.0.8")));

        assertThat(targets(status, "worker_cluster")).contains("[fd00::5]:9100").doesNotContain("10.0.0");
        assertThat(targets(status(Optional.of(NOW), List.of()), "worker_cluster"))
                .isEqualTo("[]");
    }

    @Test
    void publishedPortsAreOnAllWorkersOrOnThoseThatRunATask() {
        List<Worker> workers =
                List.of(worker("a", WorkerState.READY, "10.0.0.5"), worker("b", WorkerState.READY, "10.0.0.6"));

        assertThat(targets(status(Optional.of(NOW), workers, PublishedPort.tcp(8080, 80)), "micado_services"))
                .isEqualTo("[{\"targets\":[\"10.0.0.5:8080\",\"10.0.0.6:8080\"],\"labels\":{\"job\":"
                        + "\"micado_services\",\"service\":\"web\",\"micado_infrastructure\":\"shop\","
                        + "\"micado_port\":\"80\"}}]");
        PublishedPort ofHost = new PublishedPort(8080, 80, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST);
        PublishedPort udp = new PublishedPort(53, 53, PublishedPort.Protocol.UDP, PublishedPort.Mode.INGRESS);
        assertThat(targets(status(Optional.of(NOW), workers, ofHost, udp), "micado_services"))
                .contains("10.0.0.5:8080")
                .doesNotContain("10.0.0.6", ":53");
    }

    @Test
    void beforeAnythingWasSeenPrometheusIsToKeepWhatItHas() {
        assertThatThrownBy(() -> ask(status(Optional.empty(), List.of()), Map.of()))
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.status()).isEqualTo(503));
        assertThatThrownBy(() -> ask(status(Optional.of(NOW), List.of()), Map.of("job", "other")))
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void theConfigurationsReferToTheServerThatTellsThem() throws Exception {
        AlertReceiver alerts = AlertReceiver.builder("shop").build();
        try (Micado micado = Shop.infrastructure("shop")) {
            MicadoHttpServerBuilder builder = MicadoHttpServer.builder().port(0).token(Secret.of(Shop.TOKEN));
            MonitoringRoutes.of(micado)
                    .alerts(alerts)
                    .timing(MonitoringTiming.MICADO_03)
                    .tokenFile(Path.of("/etc/micado.token"))
                    .addTo(builder);
            try (MicadoHttpServer server = builder.build()) {
                server.start();
                String uri = server.uri().resolve("/monitoring/shop").toString();

                assertThat(get(uri + "/prometheus.yml").body())
                        .contains(
                                "url: \"" + uri + "/targets?job=worker_cluster\"",
                                "url: \"" + uri + "/targets?job=app_docker_cluster\"",
                                "url: \"" + uri + "/targets?job=micado_services\"")
                        .contains(
                                "job_name: micado\n",
                                "targets: [\"" + server.uri().getAuthority() + "\"]")
                        .contains("credentials_file: \"/etc/micado.token\"", "evaluation_interval: 1m");
                assertThat(get(uri + "/alertmanager.yml").body())
                        .contains("url: \"" + uri + "/alerts\"", "repeat_interval: 5m", "group_interval: 20s");
                assertThat(get(uri + "/targets").statusCode()).isEqualTo(503);
                HttpRequest stranger = HttpRequest.newBuilder(URI.create(uri + "/alerts"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
                assertThat(HttpClient.newHttpClient()
                                .send(stranger, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void anAddressThatPrometheusCannotCallIsRefused() throws Exception {
        try (Micado micado = Shop.infrastructure("shop")) {
            MonitoringRoutes routes = MonitoringRoutes.of(micado);
            for (String base : List.of("micado.example.org:5000", "/micado", "ftp://micado.example.org")) {
                assertThatThrownBy(() -> routes.base(URI.create(base)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(base);
            }
        }
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(uri))
                                .header("Authorization", "Bearer " + Shop.TOKEN)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
