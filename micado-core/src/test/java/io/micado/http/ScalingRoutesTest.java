package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.Secret;
import io.micado.api.worker.WorkerState;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The routes that add and remove workers and infrastructures, each in front of a small simulated one of its own. */
class ScalingRoutesTest {
    private static final String ONE = "/api/v1/infrastructures/shop";
    private static final TargetId POOL = TargetId.pool("worker");

    private final Shop shop = Shop.withToken().settled();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void eventsAreAListAndAStream() throws Exception {
        assertThat(Shop.list(shop.get(ONE + "/events?limit=1000")).toString())
                .contains("type=lease-changed", "type=worker-changed", "type=decided");
        assertThat(Shop.list(shop.get(ONE + "/events?after=1000000"))).isEmpty();
        try (java.net.Socket socket = shop.connect()) {
            socket.getOutputStream()
                    .write(("GET " + ONE + "/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Shop.TOKEN
                                    + "\r\nAccept: text/event-stream\r\nLast-Event-ID: 0\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            java.io.BufferedReader lines = new java.io.BufferedReader(
                    new java.io.InputStreamReader(socket.getInputStream(), java.nio.charset.StandardCharsets.UTF_8));
            assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
            awaitLine(lines, "event: decided");
            shop.micado.scale(TargetId.service("web"), 3);
            awaitLine(lines, "2 -> 3");
        }
    }

    private static void awaitLine(java.io.BufferedReader lines, String part) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(part)) {
                return;
            }
        }
        throw new AssertionError("the stream ended before " + part);
    }

    @Test
    void aPoolIsHeldAndAPickedWorkerSentAway() throws Exception {
        assertThat(shop.post(ONE + "/pools/worker/scale", "{\"count\": 3}").statusCode())
                .isEqualTo(200);
        Shop.until(() -> readyWorkers() == 3);
        String picked = shop.micado.status().workers().get(0).id().value();
        assertThat(shop.delete(ONE + "/workers/" + picked).statusCode()).isEqualTo(200);
        Shop.until(() -> shop.micado.status().workers().stream()
                .noneMatch(worker -> worker.id().value().equals(picked) && worker.state() == WorkerState.READY));
        assertThat(shop.delete(ONE + "/workers/nobody").statusCode()).isEqualTo(404);
        assertThat(shop.post(ONE + "/pools/worker/release", "").statusCode()).isEqualTo(200);
    }

    @Test
    void occopusRoutesAnswerAsTheyDoThere() throws Exception {
        assertThat(Shop.object(shop.get("/infrastructures/"))).isEqualTo(Map.of("infrastructures", List.of("shop")));
        Map<String, Object> report = Shop.object(shop.get("/infrastructures/shop"));
        Map<?, ?> node = (Map<?, ?>) report.get("worker");
        assertThat(node.get("scaling")).isEqualTo(Map.of("actual", 1, "target", 1, "min", 1, "max", 4));
        assertThat(((Map<?, ?>) node.get("instances")).values().toString())
                .contains("state=ready", "resource_address=");

        assertThat(post("/infrastructures/shop/scaleup/worker"))
                .isEqualTo(Map.of("method", "scaleup", "infraid", "shop", "nodename", "worker", "count", 1));
        Shop.until(() -> readyWorkers() == 2);
        assertThat(post("/infrastructures/shop/scaleup/worker/2")).containsEntry("count", 2);
        Shop.until(() -> readyWorkers() == 4);
        assertThat(shop.micado.vitals().holds().get(POOL).until()).isPresent();

        Map<String, Object> down = post("/infrastructures/shop/scaledown/worker");
        assertThat(down).containsEntry("method", "scaledown").containsKey("nodeid");
        assertThat(down.get("nodeid")).isNull();
        Shop.until(() -> readyWorkers() == 3);
        String address = shop.micado.status().workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY)
                .findFirst()
                .flatMap(Views::address)
                .orElseThrow();
        assertThat(post("/infrastructures/shop/scaledown/worker/" + address)).containsEntry("nodeid", address);
        Shop.until(() -> readyWorkers() == 2);
        assertThat(post("/infrastructures/shop/scaleto/worker/1")).containsEntry("count", 1);
        Shop.until(() -> readyWorkers() == 1);

        assertThat(post("/infrastructures/shop/detach")).isEqualTo(Map.of("infraid", "shop"));
        Shop.until(() -> shop.micado.vitals().paused());
        assertThat(post("/infrastructures/shop/attach")).isEqualTo(Map.of("infraid", "shop"));
        Shop.until(() -> !shop.micado.vitals().paused());
    }

    @Test
    void anInfrastructureIsDestroyedByItsNameAndIsGone() throws Exception {
        try (Shop other = new Shop("micado_worker_infra", server -> server.token(Secret.of(Shop.TOKEN))).settled()) {
            assertThat(Shop.object(other.delete("/infrastructures/micado_worker_infra")))
                    .isEqualTo(Map.of("infraid", "micado_worker_infra"));
            Shop.until(() -> other.server.infrastructures().isEmpty());
            assertThat(other.delete("/infrastructures/micado_worker_infra").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aFactoryMakesInfrastructures() throws Exception {
        Micado[] second = new Micado[1];
        InfrastructureFactory factory = description -> {
            Micado one = Shop.infrastructure(description.strip());
            second[0] = second[0] == null ? one : second[0];
            return one;
        };
        try (Shop making =
                new Shop("first", server -> server.token(Secret.of(Shop.TOKEN)).factory(factory))) {
            HttpResponse<String> made = making.send(making.request("/infrastructures/")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString("second\n")));
            assertThat(Shop.object(made)).isEqualTo(Map.of("infraid", "second"));
            assertThat(making.server.infrastructures()).containsExactly("first", "second");
            assertThat(making.post("/infrastructures/", "second").statusCode()).isEqualTo(409);
            assertThat(making.post("/infrastructures/", "").statusCode()).isEqualTo(400);
            assertThat(making.post("/infrastructures/", "no good name").statusCode())
                    .isEqualTo(400);
            Shop.until(() -> {
                try {
                    return making.get("/infrastructures/second").body().contains("ready");
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        } finally {
            second[0].close();
        }
    }

    private Map<String, Object> post(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = shop.post(path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Shop.object(answer);
    }

    private long readyWorkers() {
        return shop.micado.status().workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY)
                .count();
    }
}
