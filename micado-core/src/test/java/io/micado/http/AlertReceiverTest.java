package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.Headers;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.simulation.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertReceiverTest {
    private static final MetricKey WEB = MetricKey.service("alerts", "web");
    private static final MetricKey POOL = MetricKey.pool("alerts", "worker");
    private static final String EARLIER = "2026-01-01T00:00:00Z";
    private static final String LATER = "2026-01-01T00:10:00.5+00:00";

    private final VirtualTime time = VirtualTime.create();
    private final AlertReceiver receiver = AlertReceiver.builder("shop").build(time);

    // ---- what is heard becomes a metric

    @Test
    void nothingIsKnownOfATargetBeforeItsFirstAlert() {
        assertThat(read().samples()).isEmpty();
    }

    @Test
    void anAlertOfOverloadIsAboveZeroAndOneOfUnderloadBelow() {
        post(service("web", "overloaded", "firing", EARLIER), pool("worker", "underloaded", "firing", EARLIER));

        assertThat(value(WEB)).contains(1.0);
        assertThat(value(POOL)).contains(-1.0);
    }

    @Test
    void aRepeatedAlertCountsOnce() {
        for (int i = 0; i < 5; i++) {
            assertThat(post(service("web", "overloaded", "firing", EARLIER)).status())
                    .isEqualTo(200);
        }

        assertThat(value(WEB)).contains(1.0);
        assertThat(receiver.firing()).isEqualTo(1);
        assertThat(receiver.metrics())
                .contains("micado_alerts_total{infrastructure=\"shop\",outcome=\"fired\"} 1")
                .contains("micado_alerts_total{infrastructure=\"shop\",outcome=\"repeated\"} 4");
    }

    @Test
    void aResolvedAlertIsKnownToBeNoAlert() {
        post(service("web", "overloaded", "firing", EARLIER));
        post(service("web", "overloaded", "resolved", EARLIER));

        assertThat(value(WEB)).contains(0.0);
        assertThat(receiver.firing()).isZero();
    }

    @Test
    void whoWatchesIsCalledWhenAnAlertBeginsOrEndsAndNotForRepeats() throws Exception {
        List<Integer> firing = new ArrayList<>();
        AutoCloseable watch = receiver.watch(() -> firing.add(receiver.firing()));

        post(service("web", "overloaded", "firing", EARLIER));
        post(service("web", "overloaded", "firing", EARLIER));
        post(service("web", "overloaded", "resolved", EARLIER));
        post(service("web", "overloaded", "resolved", EARLIER));
        assertThat(firing).containsExactly(1, 0);

        watch.close();
        post(service("web", "overloaded", "firing", LATER));
        assertThat(firing).hasSize(2);
    }

    @Test
    void aLateMessageOfAnEarlierTimeDoesNotEndTheAlert() {
        post(service("web", "overloaded", "firing", LATER));
        post(service("web", "overloaded", "resolved", EARLIER));

        assertThat(value(WEB)).contains(1.0);
    }

    @Test
    void overloadWinsOverUnderload() {
        post(service("web", "overloaded", "firing", EARLIER), service("web", "underloaded", "firing", EARLIER));

        assertThat(value(WEB)).contains(1.0);
    }

    @Test
    void anAlertThatIsNeitherRepeatedNorResolvedBecomesUnknown() {
        post(service("web", "underloaded", "firing", EARLIER));
        time.advance(Duration.ofMinutes(14));
        assertThat(value(WEB)).contains(-1.0);

        time.advance(Duration.ofMinutes(2));
        MetricReadings readings = read();
        assertThat(readings.samples()).isEmpty();
        assertThat(readings.problems())
                .hasSize(1)
                .allMatch(problem -> problem.contains("neither repeated nor resolved"));

        post(service("web", "overloaded", "firing", EARLIER));
        assertThat(read().problems()).isEmpty();
    }

    @Test
    void anAlertOfAServiceThatHasGoneIsForgotten() {
        post(service("web", "overloaded", "firing", EARLIER));

        assertThat(receiver.read(request(List.of("api"))).samples()).isEmpty();
        assertThat(receiver.firing()).isZero();
    }

    @Test
    void whatFiresIsListedTheLongestFirst() {
        post(pool("worker", "underloaded", "firing", LATER), service("web", "overloaded", "firing", EARLIER));

        assertThat(receiver.list(10))
                .extracting(alert -> alert.get("target") + " " + alert.get("alert"))
                .containsExactly("service:web overloaded", "pool:worker underloaded");
        assertThat(receiver.list(1)).hasSize(1);
    }

    // ---- what is refused, and how

    @Test
    void recordedNotificationsOfOtherAlertsAreRefusedWithAWordOnEach() throws IOException {
        for (String recorded : List.of("firing", "resolved")) {
            assertThatThrownBy(() -> receiver.handle(request(recorded(recorded))))
                    .isInstanceOfSatisfying(
                            HttpProblem.class, e -> assertThat(e.status()).isEqualTo(422));
        }
        assertThatThrownBy(() -> receiver.handle(request(recorded("firing"))))
                .hasMessageContaining("0 of 2 alerts were taken")
                .hasMessageContaining("alerts[0] must have \"type\" docker or VM");
        assertThat(read().samples()).isEmpty();
    }

    @Test
    void anAlertOfOursBesideAnUnknownOneCounts() {
        Map<String, Object> unknown = alert(Map.of("alertname", "disk_full"), "firing", EARLIER);

        assertRefused(422, "alerts[0]", payload(unknown, service("web", "overloaded", "firing", EARLIER)));
        assertThat(value(WEB)).contains(1.0);
    }

    @Test
    void alertsOfNobodyAreRefused() {
        read(); // now it knows what there is

        assertRefused(
                422, "service:nobody, which is not there", payload(service("nobody", "overloaded", "firing", EARLIER)));
        assertRefused(422, "pool:nobody, which is not there", payload(pool("nobody", "overloaded", "firing", EARLIER)));
        Map<String, Object> elsewhere = alert(
                Map.of("alert", "overloaded", "type", "VM", "node", "worker", "infra_id", "bakery"), "firing", EARLIER);
        assertRefused(422, "is of infrastructure \"bakery\"", payload(elsewhere));
    }

    @Test
    void aMalformedNotificationIsABadRequest() {
        assertRefused(400, "\"version\": \"4\"", Map.of("alerts", List.of()));
        assertRefused(400, "\"alerts\" must be a list", Map.of("version", "4"));
        assertRefused(400, "\"alerts\" must be a list", Map.of("version", "4", "alerts", "all"));
        assertRefused(422, "must be an object", Map.of("version", "4", "alerts", List.of(7)));
        assertRefused(422, "\"startsAt\"", payload(service("web", "overloaded", "firing", "yesterday")));
        assertRefused(422, "\"status\"", payload(service("web", "overloaded", "burning", EARLIER)));
        assertRefused(
                422, "more than 200 characters", payload(service("w".repeat(201), "overloaded", "firing", EARLIER)));
        assertRefused(
                413,
                "max_alerts",
                Map.of(
                        "version",
                        "4",
                        "alerts",
                        IntStream.range(0, 1_001).boxed().toList()));
        assertThatThrownBy(() -> receiver.handle(request("{\"version\":\"4\",\"alerts\":" + "[".repeat(50_000))))
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.status()).isEqualTo(400));
        assertThat(receiver.metrics())
                .contains("micado_alerts_refused_total{infrastructure=\"shop\",reason=\"malformed\"} 4\n")
                .contains("micado_alert_notifications_total{infrastructure=\"shop\",outcome=\"refused\"} 9\n");
    }

    @Test
    void aFloodIsTurnedAwayAndMemoryStaysBounded() {
        AlertReceiver small =
                AlertReceiver.builder("shop").perSecond(10).mostAlerts(100).build(time);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            try {
                small.handle(request(json(payload(service("s" + i, "overloaded", "firing", EARLIER)))));
            } catch (HttpProblem e) {
                assertThat(e.status()).isEqualTo(429);
                assertThat(e.headers()).containsEntry("Retry-After", "1");
                refused++;
            }
        }
        assertThat(refused).isEqualTo(980);

        List<Map<String, Object>> many = new ArrayList<>();
        IntStream.range(0, 200).forEach(i -> many.add(service("m" + i, "overloaded", "firing", EARLIER)));
        time.advance(Duration.ofSeconds(10));
        assertThatThrownBy(() -> small.handle(request(json(payload(many)))))
                .hasMessageContaining("more than 100 alerts");
        assertThat(small.firing()).isEqualTo(100);
        assertThat(small.metrics())
                .contains("micado_alert_notifications_total{infrastructure=\"shop\",outcome=\"rate_limited\"} 980\n")
                .contains("micado_alert_notifications_total{infrastructure=\"shop\",outcome=\"taken\"} 20\n")
                .contains("micado_alert_notifications_total{infrastructure=\"shop\",outcome=\"taken_in_part\"} 1\n")
                .contains("micado_alerts_refused_total{infrastructure=\"shop\",reason=\"too_many\"} 120\n")
                .contains("micado_alerts_firing{infrastructure=\"shop\"} 100\n");
        assertThat(small.read(request(List.of())).problems())
                .containsExactly(
                        "980 notifications so far were more than 10 a second, and refused",
                        "120 alerts so far were too many to remember, and refused");
        time.advance(Duration.ofMinutes(11));
        assertThat(small.read(request(List.of())).problems()).isEmpty();
    }

    // ---- payloads

    private static Map<String, Object> service(String name, String alert, String status, String startsAt) {
        return alert(
                Map.of("alert", alert, "type", "docker", "application", name, "cluster", "app_docker_cluster"),
                status,
                startsAt);
    }

    private static Map<String, Object> pool(String name, String alert, String status, String startsAt) {
        return alert(
                Map.of("alert", alert, "type", "VM", "node", name, "infra_id", "shop", "cluster", "worker_cluster"),
                status,
                startsAt);
    }

    private static Map<String, Object> alert(Map<String, String> labels, String status, String startsAt) {
        return Map.of("status", status, "labels", labels, "startsAt", startsAt);
    }

    private static Map<String, Object> payload(Object... alerts) {
        return payload(Arrays.asList(alerts));
    }

    private static Map<String, Object> payload(List<?> alerts) {
        return Map.of("version", "4", "status", "firing", "alerts", alerts);
    }

    private Reply post(Object... alerts) {
        return receiver.handle(request(json(payload(Arrays.asList(alerts)))));
    }

    private void assertRefused(int status, String words, Map<String, Object> body) {
        assertThatThrownBy(() -> receiver.handle(request(json(body))))
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    private static String json(Map<String, Object> body) {
        try {
            return JSON.std.asString(new HashMap<>(body));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String recorded(String name) throws IOException {
        try (var in = AlertReceiverTest.class.getResourceAsStream("alertmanager-webhook-v4-" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Request request(String body) {
        Headers headers = new Headers();
        headers.set("Content-Type", "application/json");
        return new Request("POST", Map.of(), Map.of(), headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static MetricRequest request(List<String> services) {
        return new MetricRequest(
                new ClusterView(
                        "c",
                        Instant.EPOCH,
                        true,
                        List.of(Node.builder(new NodeId("n"))
                                .labels(Map.of(Tags.POOL, "worker"))
                                .build()),
                        services.stream()
                                .map(name -> ServiceState.builder(name, name).build())
                                .toList(),
                        List.of()),
                List.of(),
                Duration.ofSeconds(5));
    }

    private MetricReadings read() {
        return receiver.read(request(List.of("web")));
    }

    private Optional<Double> value(MetricKey key) {
        return read().get(key).map(Sample::value);
    }
}
