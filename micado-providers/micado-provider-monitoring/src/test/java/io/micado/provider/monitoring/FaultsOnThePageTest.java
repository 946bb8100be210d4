package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.http.AlertReceiver;
import io.micado.http.MicadoHttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person who looks at the interface, and a program that scrapes it, see each fault of the monitoring while it lasts. */
class FaultsOnThePageTest {
    private static final String STATUS = "/api/v1/infrastructures/shop";
    private static final String METRICS = "/metrics";

    @TempDir
    Path rules;

    @TempDir
    Path state;

    @Test
    void everyFaultIsSeenAndGoesWhenItIsOver() throws Exception {
        FakePrometheus prometheus = new FakePrometheus();
        // A directory in the temporary file's place makes a write fail, as a full disk does.
        Path full = Files.createDirectory(rules.resolve(".micado-shop-service-web.rules.yml.tmp"));
        Files.createFile(full.resolve("x"));
        try (prometheus;
                Micado micado = infrastructure(prometheus.uri());
                MicadoHttpServer server =
                        MicadoHttpServer.builder().port(0).withoutToken().build()) {
            server.add(micado);
            server.start();
            micado.start();

            String status = until(
                    server, STATUS, text -> text.contains("metric source \\\"consul\\\"\",\"text\":\"is unknown"));
            assertThat(status).contains("\"severity\":\"error\"");
            assertThat(until(server, METRICS, page -> value(page, "micado_source_failures_total", "consul") >= 1))
                    .matches(page -> value(page, "micado_source_up", "consul") == 0);

            until(server, STATUS, text -> text.contains("Prometheus, rules: rules were not written"));
            until(server, METRICS, page -> value(page, "micado_source_gaps", "prometheus") >= 1);
            until(
                    server,
                    METRICS,
                    page -> page.contains("micado_warnings_total{infrastructure=\"shop\",code=\"plug-in\"}"));

            prometheus.reloadStatus = 500;
            Files.delete(full.resolve("x"));
            Files.delete(full);
            until(server, STATUS, text -> text.contains("Prometheus, rules: Prometheus refused new rules"));

            prometheus.status = 503;
            until(server, STATUS, text -> text.contains("metric source \\\"prometheus\\\"\",\"text\":\"is unknown"));
            until(server, METRICS, page -> value(page, "micado_source_up", "prometheus") == 0);

            prometheus.status = 200;
            until(server, METRICS, page -> value(page, "micado_source_up", "prometheus") == 1);
            assertThat(get(server, STATUS)).doesNotContain("metric source \\\"prometheus\\\"\",\"text\":\"is unknown");
        }
    }

    @Test
    void whoeverAnswersWrongLateOrEmptyIsSeenAndWhatIsHostileToo() throws Exception {
        AlertReceiver alerts = AlertReceiver.builder("shop").build();
        FakePrometheus prometheus = new FakePrometheus();
        HttpServer consul = leaderless();
        try (prometheus;
                Micado micado = infrastructure(
                        prometheus.uri(),
                        "http://127.0.0.1:" + consul.getAddress().getPort(),
                        builder -> builder.metrics("alerts", alerts));
                MicadoHttpServer server = MicadoHttpServer.builder()
                        .port(0)
                        .withoutToken()
                        .endpoint("POST", "/alerts", alerts)
                        .build()) {
            server.add(micado);
            server.start();
            micado.start();

            until(server, STATUS, text -> text.contains("No cluster leader"));
            until(server, METRICS, page -> value(page, "micado_source_up", "consul") == 0);

            // Started anew with empty data: nothing is known, and that is no zero.
            until(server, STATUS, text -> text.contains("it has no metrics of node exporter"));
            until(server, METRICS, page -> value(page, "micado_source_gaps", "prometheus") >= 1);
            assertThat(get(server, METRICS)).doesNotContain("micado_load{");

            prometheus.answers = query -> "<html>sign in first</html>";
            until(server, STATUS, text -> text.contains("metric source \\\"prometheus\\\"\",\"text\":\"is unknown"));
            until(server, METRICS, page -> value(page, "micado_source_up", "prometheus") == 0);
            prometheus.answers = query -> FakePrometheus.recorded("empty");
            until(server, METRICS, page -> value(page, "micado_source_up", "prometheus") == 1);

            prometheus.latency = Duration.ofSeconds(30);
            until(server, METRICS, page -> value(page, "micado_source_up", "prometheus") == 0);
            until(server, STATUS, text -> text.contains("metric source \\\"prometheus\\\"\",\"text\":\"is unknown"));
            prometheus.latency = Duration.ZERO;
            until(server, METRICS, page -> value(page, "micado_source_up", "prometheus") == 1);

            assertThat(post(
                            server,
                            "/alerts",
                            "{\"version\": \"4\", \"alerts\": [{\"labels\": {\"type\": \"docker\"}}]}"))
                    .isEqualTo(422);
            assertThat(post(server, "/alerts", "[".repeat(100_000))).isEqualTo(400);
            until(server, STATUS, text -> text.contains("metric source \\\"alerts\\\"") && text.contains("refused"));
            until(server, METRICS, page -> value(page, "micado_source_gaps", "alerts") >= 1);
            assertThat(get(server, METRICS))
                    .contains("micado_alert_notifications_total{infrastructure=\"shop\",outcome=\"refused\"} 2")
                    .contains("micado_alerts_refused_total{infrastructure=\"shop\",reason=\"malformed\"} 1");
        } finally {
            consul.stop(0);
        }
    }

    private static HttpServer leaderless() throws IOException {
        HttpServer consul = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        consul.createContext("/", exchange -> {
            byte[] body = "No cluster leader".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(500, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        consul.start();
        return consul;
    }

    private static int post(MicadoHttpServer server, String path, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private Micado infrastructure(String prometheus) {
        // Nobody listens at this port of Consul's.
        return infrastructure(prometheus, "http://127.0.0.1:1", builder -> builder);
    }

    private Micado infrastructure(String prometheus, String consul, UnaryOperator<MicadoBuilder> more) {
        return more.apply(Micado.builder()
                        .name("shop")
                        .orchestrator("simulated", Settings.of("taskStart", "20ms"))
                        .cloud(
                                "sim",
                                "simulated",
                                Settings.of("bootTime", "50ms").with("joinTime", "20ms"))
                        .pool("workers", pool -> pool.between(1, 2).offering("sim", "small", Settings.EMPTY))
                        .service(ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofCores(0.25))
                                .replicas(1, 2)
                                .build())
                        .metrics(
                                "prometheus",
                                Settings.of(Map.of(
                                        "endpoint",
                                        prometheus,
                                        "interval",
                                        "1s",
                                        "rules.directory",
                                        rules.toString(),
                                        "rules.services",
                                        "all")))
                        .metrics("consul", Settings.of("endpoint", consul).with("interval", "1s"))
                        .passInterval(Duration.ofMillis(200))
                        .stateDirectory(state))
                .build();
    }

    private static double value(String page, String metric, String source) {
        String start = metric + "{infrastructure=\"shop\",source=\"metric source \\\"" + source + "\\\"\"} ";
        return page.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElse(-1);
    }

    private static String until(MicadoHttpServer server, String path, Predicate<String> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String text = get(server, path);
        while (!condition.test(text)) {
            assertThat(System.nanoTime()).as(text).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            text = get(server, path);
        }
        return text;
    }

    private static String get(MicadoHttpServer server, String path) throws Exception {
        URI uri = server.uri().resolve(path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
