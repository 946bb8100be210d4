package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Registration against an agent that remembers what it is told, as Consul's does. */
class ConsulRegistryTest {
    private static final String A = "micado-shop-worker_cluster-w-a";

    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeAgent agent;

    private static final class FakeAgent implements AutoCloseable {
        private static final ObjectMapper JSON = new ObjectMapper();
        private final Map<String, JsonNode> services = new TreeMap<>();
        private final Map<String, String> status = new HashMap<>();
        private final List<String> changes = new ArrayList<>();
        private final HttpServer server;
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean hangs;
        private int fail;
        private String token = "";

        private FakeAgent() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.createContext("/v1/agent/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            if (hangs) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            answerNow(exchange);
        }

        private synchronized void answerNow(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath().substring("/v1/agent/".length());
            String method = exchange.getRequestMethod();
            token = String.valueOf(exchange.getRequestHeaders().getFirst("X-Consul-Token"));
            ObjectNode answer = JSON.createObjectNode();
            if (fail == 0 && method.equals("PUT")) {
                changes.add(path);
                change(path, exchange);
            } else if (path.equals("services")) {
                services.forEach(answer::set);
            } else {
                services.keySet()
                        .forEach(id -> answer.putObject("check:" + id)
                                .put("ServiceID", id)
                                .put("Status", status.getOrDefault(id, "passing")));
            }
            byte[] body = (fail == 0 ? answer.toString() : "No cluster leader").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(fail == 0 ? 200 : fail, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        private void change(String path, HttpExchange exchange) throws IOException {
            if (path.equals("service/register")) {
                ObjectNode service = (ObjectNode) JSON.readTree(exchange.getRequestBody());
                service.set("Service", service.path("Name"));
                services.put(service.path("ID").asText(), service);
            } else {
                services.remove(path.substring("service/deregister/".length()));
            }
        }

        private synchronized List<String> ids() {
            return List.copyOf(services.keySet());
        }

        private synchronized List<String> changes() {
            List<String> made = List.copyOf(changes);
            changes.clear();
            return made;
        }

        @Override
        public void close() {
            end.countDown();
            server.stop(0);
        }
    }

    @BeforeEach
    void start() throws IOException {
        agent = new FakeAgent();
        open.add(agent);
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private Metrics source(String infrastructure, Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("endpoint", "http://127.0.0.1:" + agent.server.getAddress().getPort());
        settings.putAll(more);
        Metrics source = new ConsulMetricSource()
                .open(
                        Settings.of(settings),
                        new PluginContext(
                                infrastructure, "consul", new SystemTimekeeper(), "io.micado.consul", warning -> {}));
        open.add(source);
        return source;
    }

    private Metrics source() {
        return source("shop", Map.of());
    }

    private static MetricRequest request(boolean quorum, String... workers) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(Node.builder(new NodeId("manager"))
                .address("10.0.0.1")
                .manager(true)
                .build());
        for (String worker : workers) {
            nodes.add(Node.builder(new NodeId("n-" + worker))
                    .address("10.0.0." + (10 + worker.charAt(0) - 'a'))
                    .labels(Map.of(Tags.WORKER, "w-" + worker, Tags.POOL, "workers"))
                    .build());
        }
        ServiceState web = ServiceState.builder("web", "id")
                .ports(List.of(
                        PublishedPort.tcp(8080, 80),
                        new PublishedPort(9090, 90, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST)))
                .build();
        TaskState onA = TaskState.placed("t", "web", TaskState.Phase.RUNNING, new NodeId("n-a"), Instant.EPOCH, "c");
        return new MetricRequest(
                new ClusterView("c", Instant.EPOCH, quorum, nodes, List.of(web), List.of(onA)),
                List.of(),
                Duration.ofSeconds(5));
    }

    @Test
    void workersAreRegisteredOnceUnderTheNamesOfTheOriginalWithChecks() {
        Metrics source = source();
        source.read(request(true, "a", "b"));

        assertThat(agent.ids())
                .containsExactly(
                        "micado-shop-app_docker_cluster-w-a",
                        "micado-shop-app_docker_cluster-w-b",
                        A,
                        "micado-shop-worker_cluster-w-b");
        JsonNode service = agent.services.get(A);
        assertThat(service.path("Name").asText()).isEqualTo("worker_cluster");
        assertThat(service.path("Address").asText()).isEqualTo("10.0.0.10");
        assertThat(service.path("Port").asInt()).isEqualTo(9100);
        assertThat(service.path("Check").path("TCP").asText()).isEqualTo("10.0.0.10:9100");
        assertThat(service.path("Check").path("DeregisterCriticalServiceAfter").asText())
                .isEqualTo("1800s");
        assertThat(service.path("Meta").path("micado_pool").asText()).isEqualTo("workers");
        agent.changes();
        source.read(request(true, "a", "b"));
        assertThat(agent.changes()).isEmpty();
    }

    @Test
    void aWorkerThatHasLeftIsTakenAwayAlsoAfterACrash() {
        source().read(request(true, "a", "b"));
        source().read(request(true, "b"));

        assertThat(agent.ids()).containsExactly("micado-shop-app_docker_cluster-w-b", "micado-shop-worker_cluster-w-b");
    }

    @Test
    void whatIsSomebodyElsesStays() throws IOException {
        source("shop-2", Map.of()).read(request(true, "a"));
        ObjectNode foreign = FakeAgent.JSON.createObjectNode().put("ID", A).put("Service", "worker_cluster");
        agent.services.put(A, foreign);
        agent.services.put(
                "mine", FakeAgent.JSON.createObjectNode().put("ID", "mine").put("Service", "mine"));

        MetricReadings readings = source().read(request(true, "a"));
        source().read(request(true));

        assertThat(readings.problems()).hasSize(1).allMatch(problem -> problem.contains("somebody else's"));
        assertThat(agent.ids())
                .containsExactly("micado-shop-2-app_docker_cluster-w-a", "micado-shop-2-worker_cluster-w-a", A, "mine");
    }

    @Test
    void aWorkerWhoseAddressHasChangedIsRegisteredAnew() {
        source().read(request(true, "a"));
        source("shop", Map.of("nodeExporterPort", 9101)).read(request(true, "a"));

        assertThat(agent.services.get(A).path("Port").asInt()).isEqualTo(9101);
    }

    @Test
    void withoutAQuorumNobodyHasLeft() {
        source().read(request(true, "a"));
        source().read(request(false));

        assertThat(agent.ids()).hasSize(2);
    }

    @Test
    void healthIsAMetricOfTheNode() {
        Metrics source = source();
        source.read(request(true, "a", "b"));
        agent.status.put(A, "critical");

        MetricReadings readings = source.read(request(true, "a", "b"));

        assertThat(readings.get(MetricKey.node("consul.healthy", new NodeId("n-a")))
                        .map(Sample::value))
                .contains(0.0);
        assertThat(readings.get(MetricKey.node("consul.healthy", new NodeId("n-b")))
                        .map(Sample::value))
                .contains(1.0);
    }

    @Test
    void whileConsulFailsItSaysSoAndGoesOnLater() {
        Metrics source = source("shop", Map.of("token", Secret.of("t0ken")));
        agent.fail = 500;
        assertThatThrownBy(() -> source.read(request(true, "a")))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INTERNAL));

        agent.fail = 0;
        source.read(request(true, "a"));
        assertThat(agent.ids()).hasSize(2);
        assertThat(agent.token).isEqualTo("t0ken");
    }

    @Test
    void anAgentThatHasForgottenEverythingIsToldAgain() {
        Metrics source = source();
        source.read(request(true, "a"));
        synchronized (agent) {
            agent.services.clear();
        }

        source.read(request(true, "a"));

        assertThat(agent.ids()).hasSize(2);
    }

    @Test
    void anAgentThatHangsOrIsDownCostsNoMoreThanTheDeadline() throws Exception {
        Metrics source = source();
        MetricRequest request = request(true, "a");
        MetricRequest hurried = new MetricRequest(request.cluster(), request.machines(), Duration.ofSeconds(1));
        agent.hangs = true;
        long begin = System.nanoTime();
        assertThatThrownBy(() -> source.read(hurried)).isInstanceOf(MicadoException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));

        agent.close();
        assertThatThrownBy(() -> source.read(hurried)).isInstanceOf(MicadoException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void publishedPortsAreRegisteredWhenTheyAreAskedFor() {
        source("shop", Map.of("services", true)).read(request(true, "a", "b"));

        assertThat(agent.services.get("micado-shop-web-w-a-8080").path("Name").asText())
                .isEqualTo("web");
        // The routing mesh's are on all workers, the others where a task runs.
        assertThat(agent.ids())
                .contains("micado-shop-web-w-b-8080", "micado-shop-web-w-a-9090")
                .doesNotContain("micado-shop-web-w-b-9090");
    }
}
