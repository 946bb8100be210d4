package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.spi.Secret;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An Alertmanager gone mad, against the real server on the loopback address, with an infrastructure behind it. */
class AlertFloodTest {
    private static final int SENDERS = 4;
    private static final int ALERTS = 200;
    private static final int MOST = 1_000;
    private static final Pattern TOO_MANY =
            Pattern.compile("micado_alerts_refused_total\\{infrastructure=\"shop\",reason=\"too_many\"} [1-9]");
    private static final String ROUTE = "/monitoring/shop/alerts";

    @Test
    void theLoopGoesOnOthersAreAnsweredAndNothingGrows() throws Exception {
        AlertReceiver receiver = AlertReceiver.builder("shop")
                .perSecond(20)
                .mostAlerts(MOST)
                .interval(Duration.ofMillis(200))
                .build();
        try (Micado micado = Shop.infrastructure("shop", builder -> builder.metrics("alerts", receiver));
                MicadoHttpServer server = server(micado, receiver)) {
            server.add(micado);
            server.start();
            micado.start();
            Shop.until(() -> micado.status().services().size() == 1);

            AtomicBoolean over = new AtomicBoolean();
            ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
            List<Thread> senders = flood(server, over, statuses);
            try {
                Shop.until(() -> statuses.contains(429)
                        && receiver.firing() == MOST
                        && TOO_MANY.matcher(receiver.metrics()).find());
                long passes = micado.vitals().passes();
                HttpClient somebody = HttpClient.newHttpClient();
                for (int i = 0; i < 20; i++) {
                    HttpResponse<String> answer = send(
                            somebody,
                            request(server, "/api/v1/infrastructures/shop").GET());
                    assertThat(answer.statusCode()).isEqualTo(200);
                }
                // Passes are made every 200 ms; without end this would fail after a minute.
                Shop.until(() -> micado.vitals().passes() >= passes + 10);
            } finally {
                over.set(true);
                for (Thread sender : senders) {
                    sender.join();
                }
            }

            assertThat(statuses).isNotEmpty().containsOnly(200, 422, 429);
            assertThat(receiver.firing()).isEqualTo(MOST);
            Shop.until(() -> micado.vitals().sources().stream()
                    .anyMatch(source -> source.gaps().toString().contains("more than 20 a second")));
            HttpClient client = HttpClient.newHttpClient();
            assertThat(send(
                                    client,
                                    request(server, "/api/v1/infrastructures/shop")
                                            .GET())
                            .body())
                    .contains("alerts so far were too many to remember, and refused");
            assertThat(send(client, request(server, "/metrics").GET()).body())
                    .contains("micado_alerts_firing{infrastructure=\"shop\"} " + MOST + "\n")
                    .containsPattern("micado_alert_notifications_total\\{infrastructure=\"shop\","
                            + "outcome=\"rate_limited\"} [1-9]")
                    .containsPattern(TOO_MANY)
                    .containsPattern("micado_source_gaps\\{infrastructure=\"shop\",source=\"metric source .+\"} [1-9]");
        }
    }

    private static MicadoHttpServer server(Micado micado, AlertReceiver receiver) {
        MicadoHttpServerBuilder builder = MicadoHttpServer.builder().port(0).token(Secret.of(Shop.TOKEN));
        MonitoringRoutes.of(micado).alerts(receiver).addTo(builder);
        return builder.build();
    }

    /** Sends as fast as the server answers, each time other alerts, until it is over. */
    private static List<Thread> flood(
            MicadoHttpServer server, AtomicBoolean over, ConcurrentLinkedQueue<Integer> statuses) {
        AtomicInteger number = new AtomicInteger();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            HttpClient client = HttpClient.newHttpClient();
            Thread sender = new Thread(() -> {
                while (!over.get()) {
                    try {
                        HttpRequest.Builder request = request(server, ROUTE)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(notification(number.incrementAndGet())));
                        statuses.add(send(client, request).statusCode());
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }
            });
            sender.start();
            senders.add(sender);
        }
        return senders;
    }

    private static String notification(int number) {
        StringBuilder alerts = new StringBuilder();
        for (int i = 0; i < ALERTS; i++) {
            alerts.append(i == 0 ? "" : ",").append("""
                    {"status": "firing", "startsAt": "2026-01-31T12:00:00Z", "fingerprint": "%d-%d",
                     "labels": {"alertname": "web_overloaded", "alert": "overloaded", "type": "docker",
                                "application": "web", "infra_id": "shop"}}""".formatted(number, i));
        }
        return "{\"version\": \"4\", \"status\": \"firing\", \"alerts\": [" + alerts + "]}";
    }

    private static HttpRequest.Builder request(MicadoHttpServer server, String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path)).header("Authorization", "Bearer " + Shop.TOKEN);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
