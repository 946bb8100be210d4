package io.micado.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole application, as a host program of the autoscaler: its health, its metrics and its log. */
class OrdersApplicationTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() {
        context = SpringApplication.run(
                OrdersApplication.class,
                "--server.port=0",
                "--logging.threshold.console=warn",
                "--logging.structured.format.file=logstash",
                "--logging.file.name=" + log());
    }

    private static Path log() {
        return directory.resolve("orders.log");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Test
    void healthAndMetricsTellOfTheAutoscalerAndTheLogOfItsDecisions() throws Exception {
        String health = until("/actuator/health", text -> text.contains("\"acting\":true"));
        assertThat(health).contains("\"autoscaler\":{", "\"status\":\"UP\"").doesNotContain("DOWN");

        String before =
                until("/actuator/prometheus", page -> value(page, "micado_service_running_replicas", "packers") == 1);
        assertThat(before)
                .contains("micado_acting{infrastructure=\"orders\"} 1.0")
                .contains("micado_workers{infrastructure=\"orders\",pool=\"workers\",state=\"ready\"}")
                .containsPattern("micado_pass_duration_seconds_count\\{infrastructure=\"orders\"} [1-9]")
                .contains("micado_stuck{infrastructure=\"orders\"} 0.0");

        assertThat(send("POST", "/orders?count=250").statusCode()).isEqualTo(202);
        until("/actuator/prometheus", page -> value(page, "micado_service_desired_replicas", "packers") == 5);
        assertThat(send("GET", "/actuator/metrics/micado.load.target?tag=target:packers")
                        .body())
                .contains("50.0");

        List<String> decisions = Files.readAllLines(log()).stream()
                .filter(line -> line.contains("\"micado.target\":\"service:packers\""))
                .toList();
        assertThat(decisions).hasSize(1);
        assertThat(decisions.get(0))
                .contains("\"level\":\"INFO\"", "\"message\":\"[orders] service:packers: ")
                .contains("\"micado.infrastructure\":\"orders\"", "\"micado.event\":\"decided\"")
                .contains("\"micado.from\":1", "\"micado.to\":5", "\"micado.policy\":\"", "\"micado.rule\":\"");
    }

    @Test
    void itIsDownWhenNoPassWasMadeForHalfAMinute() throws Exception {
        until("/actuator/health", text -> text.contains("\"acting\":true"));
        Micado micado = context.getBean(Micado.class);
        Instant at = micado.status().at().orElseThrow();
        Clock later = Clock.fixed(at.plus(Duration.ofMinutes(10)), ZoneOffset.UTC);
        assertThat(new AutoscalerHealth(micado, later).health().getStatus()).isEqualTo(Status.DOWN);
    }

    /** {@return the value of a service's metric; -1 when there is none} */
    private static double value(String page, String metric, String service) {
        String start = metric + "{infrastructure=\"orders\",service=\"" + service + "\"} ";
        return page.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElse(-1);
    }

    private static String until(String path, Predicate<String> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String body = send("GET", path).body();
        while (!condition.test(body)) {
            assertThat(System.nanoTime()).as(body).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            body = send("GET", path).body();
        }
        return body;
    }

    private static HttpResponse<String> send(String method, String path) throws Exception {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
