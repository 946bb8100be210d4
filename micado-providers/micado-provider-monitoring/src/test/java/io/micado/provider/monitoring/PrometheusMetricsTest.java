package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The source against servers that answer as Prometheus does. */
class PrometheusMetricsTest {
    private static final NodeId NODE = new NodeId("node1");
    private static final MetricKey NODE_CPU = MetricKey.node(Metric.CPU, NODE);
    private static final MetricKey TASK_CPU = MetricKey.task(Metric.CPU, "t1");
    private static final String INSTANCE = "\"instance\":\"10.0.0.7:9100\"";
    private static final Duration FRESH = Duration.ofSeconds(3);

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private FakePrometheus server;

    @BeforeEach
    void start() throws IOException {
        server = server();
        server.task("t1", 0.5, 1e6, FRESH);
        server.node(INSTANCE, 1.5, 2e9, 0.4, FRESH);
    }

    private FakePrometheus server() throws IOException {
        FakePrometheus made = new FakePrometheus();
        open.add(made);
        return made;
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private Metrics source(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("endpoint", server.uri()));
        settings.putAll(more);
        Metrics source = new PrometheusMetricSource()
                .open(
                        Settings.of(settings),
                        new PluginContext("shop", "prometheus", time, "io.micado.prometheus", warnings::add));
        open.add(source);
        return source;
    }

    private static MetricRequest request(List<String> services, Duration deadline) {
        Node node = Node.builder(NODE)
                .address("10.0.0.7")
                .hostname("w1")
                .labels(Map.of(Tags.POOL, "workers"))
                .build();
        return new MetricRequest(
                new ClusterView(
                        "c",
                        Instant.EPOCH,
                        true,
                        List.of(node),
                        services.stream()
                                .map(name ->
                                        ServiceState.builder(name, "id-" + name).build())
                                .toList(),
                        List.of(TaskState.placed("t1", "web", TaskState.Phase.RUNNING, NODE, Instant.EPOCH, "c1"))),
                List.of(),
                deadline);
    }

    private static MetricRequest request(String... services) {
        return request(List.of(services), Duration.ofSeconds(5));
    }

    private static double value(MetricReadings readings, MetricKey key) {
        return readings.get(key).map(Sample::value).orElse(Double.NaN);
    }

    // ---- what is there

    @Test
    void twoQueriesTellOfAllTasksAndNodes() {
        MetricReadings readings = source(Map.of()).read(request());

        assertThat(readings.problems()).isEmpty();
        assertThat(value(readings, TASK_CPU)).isEqualTo(0.5);
        assertThat(value(readings, MetricKey.task(Metric.MEMORY, "t1"))).isEqualTo(1e6);
        assertThat(value(readings, NODE_CPU)).isEqualTo(1.5);
        assertThat(value(readings, MetricKey.node(Metric.MEMORY, NODE))).isEqualTo(2e9);
        assertThat(value(readings, MetricKey.node(Metric.DISK, NODE))).isEqualTo(0.4);
        assertThat(readings.samples()).hasSize(5);
        assertThat(server.queries).hasSize(2);
    }

    @Test
    void coresAreSummedBeforeAnythingIsAveraged() {
        source(Map.of("window", "30s", "selector", "micado_infrastructure=\"{{infrastructure}}\""))
                .read(request());

        assertThat(server.queries)
                .anySatisfy(query -> assertThat(query)
                        .contains("sum by (container_label_com_docker_swarm_task_id, instance, job) "
                                + "(rate(container_cpu_usage_seconds_total{"
                                + "container_label_com_docker_swarm_task_id!=\"\",cpu!=\"total\","
                                + "micado_infrastructure=\"shop\"}[30s]))")
                        .doesNotContain("avg"));
    }

    @Test
    void theNodeIsFoundByTheLabelOfDiscoveryAlthoughTheInstanceIsAnotherAddress() {
        server.nodes.clear();
        server.node("\"instance\":\"198.51.100.9:9100\",\"micado_node\":\"node1\"", 1, 2, 0.3, FRESH);

        assertThat(value(source(Map.of()).read(request()), NODE_CPU)).isEqualTo(1);
    }

    @Test
    void tasksAndNodesOfOthersAreLeftOut() {
        server.task("elsewhere", 9, 9, FRESH);
        server.node("\"instance\":\"10.9.9.9:9100\"", 9, 9, 0.9, FRESH);

        assertThat(source(Map.of()).read(request()).samples()).hasSize(5);
    }

    // ---- age

    @Test
    void aSampleIsAsOldAsItsLastScrape() {
        server.tasks.clear();
        server.task("t1", 0.5, 1e6, Duration.ofSeconds(40));

        Sample sample = source(Map.of()).read(request()).get(TASK_CPU).orElseThrow();

        assertThat(sample.age(time.wallClock()).toMillis() / 1000.0).isCloseTo(40, within(5.0));
        assertThat(sample.window()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aServerWhoseClockIsAnHourAheadTellsTheSameAge() throws IOException {
        server.tasks.clear();
        server.ahead = Duration.ofHours(1);
        server.task("t1", 0.5, 1e6, Duration.ofSeconds(7));

        Sample sample = source(Map.of()).read(request()).get(TASK_CPU).orElseThrow();

        assertThat(sample.age(time.wallClock()).toMillis() / 1000.0).isCloseTo(7, within(5.0));
    }

    @Test
    void aRateWithoutALastScrapeIsUnknown() {
        server.tasks.removeIf(one -> one.labels().contains("seen"));

        assertThat(source(Map.of()).read(request()).get(TASK_CPU)).isEmpty();
    }

    @Test
    void aSampleFromTheFutureIsUnknown() {
        server.tasks.clear();
        server.task("t1", 0.5, 1e6, Duration.ofMinutes(-5));

        MetricReadings readings = source(Map.of()).read(request());

        assertThat(readings.get(TASK_CPU)).isEmpty();
        assertThat(readings.problems()).anyMatch(problem -> problem.contains("has not come yet"));
    }

    // ---- absent is not zero

    @Test
    void aServerThatWasStartedAnewKnowsNothingAndSaysSo() {
        server.answers = query -> FakePrometheus.recorded("empty");

        MetricReadings readings = source(Map.of()).read(request());

        assertThat(readings.samples()).isEmpty();
        assertThat(readings.problems())
                .anyMatch(problem -> problem.contains("nothing of 1 of 1 running tasks"))
                .anyMatch(problem -> problem.contains("has no metrics of node exporter"));
    }

    @Test
    void recordedAnswersOfOtherTypesAreToldApart() {
        Map<String, String> recorded = Map.of(
                "scalar", FakePrometheus.recorded("scalar"),
                "nan", FakePrometheus.recorded("nan"),
                "vector", FakePrometheus.recorded("vector"),
                "matrix", FakePrometheus.recorded("matrix"),
                "empty", FakePrometheus.recorded("empty"),
                "garbage", "<html>");
        server.answers = recorded::get;
        Map<String, String> queries = new HashMap<>();
        recorded.keySet().forEach(name -> queries.put("of-" + name, name));

        MetricReadings readings = source(Map.of("tasks", false, "nodes", false, "hostQueries", queries))
                .read(request());

        assertThat(readings.samples()).containsOnlyKeys(MetricKey.host("of-scalar"));
        assertThat(value(readings, MetricKey.host("of-scalar"))).isEqualTo(4);
        assertThat(readings.problems())
                .anyMatch(problem -> problem.contains("of-nan") && problem.contains("not a number"))
                .anyMatch(problem -> problem.contains("of-vector") && problem.contains("several series"))
                .anyMatch(problem -> problem.contains("of-matrix") && problem.contains("one number for each target"))
                .anyMatch(problem -> problem.contains("of-empty") && problem.contains("no series"))
                .anyMatch(problem -> problem.contains("of-garbage"));
    }

    @Test
    void anAggregateOfAPartialAnswerIsNotUsedUnlessItIsAskedFor() {
        server.warning = "one of two stores did not answer";
        server.targets.put("web", "7");
        Map<String, ?> query = Map.of("serviceQueries", Map.of("requests", "sum by (service) (rate(http_total[1m]))"));

        MetricReadings careful = source(query).read(request("web"));
        Map<String, Object> trusting = new HashMap<>(query);
        trusting.put("acceptPartial", true);

        assertThat(careful.get(MetricKey.service("requests", "web"))).isEmpty();
        assertThat(careful.get(TASK_CPU)).isPresent();
        assertThat(careful.problems()).anyMatch(problem -> problem.contains("one of two stores"));
        assertThat(value(source(trusting).read(request("web")), MetricKey.service("requests", "web")))
                .isEqualTo(7);
    }

    @Test
    void aWrongQueryCostsItsOwnMetricOnlyAndItsErrorIsTold() {
        server.answers = query -> "{}";
        server.status = 400;
        server.answers = query -> FakePrometheus.recorded("error-400");

        assertThatThrownBy(() -> source(Map.of()).read(request()))
                .isInstanceOf(MicadoException.class)
                .hasMessageContaining("bad_data: invalid parameter");
    }

    // ---- the user's own queries

    @Test
    void aQueryWithTheServiceInItIsSentOnceForAll() {
        server.targets.putAll(Map.of("web", "3", "api", "NaN"));

        MetricReadings readings = source(Map.of(
                        "serviceQueries",
                        Map.of("waiting", "sum(queue_length{app=\"{{service}}\"}) # of {{infrastructure}}")))
                .read(request("web", "api", "db"));

        assertThat(value(readings, MetricKey.service("waiting", "web"))).isEqualTo(3);
        assertThat(readings.get(MetricKey.service("waiting", "api"))).isEmpty();
        assertThat(readings.problems())
                .anyMatch(problem -> problem.contains("no series for 1 of 3 targets"))
                .anyMatch(problem -> problem.contains("not a number for 1 of 3 targets"));
        assertThat(server.queries)
                .hasSize(3)
                .anySatisfy(query -> assertThat(query)
                        .contains("sum(queue_length{app=\"web\"}) # of shop\n, \"micado_target\", \"web\""));
    }

    @Test
    void aQueryOfOneServiceIsForItAlone() {
        server.targets.put("web", "3");

        MetricReadings readings = source(Map.of("serviceQueries", Map.of("web/waiting", "queue_length")))
                .read(request("web", "api"));

        assertThat(value(readings, MetricKey.service("waiting", "web"))).isEqualTo(3);
        assertThat(readings.get(MetricKey.service("waiting", "api"))).isEmpty();
    }

    @Test
    void aQueryOfPoolsAndOneOfTheHostHaveTheirOwnKeys() {
        server.targets.put("x", "5");

        MetricReadings readings = source(Map.of(
                        "poolQueries", Map.of("sessions", "sum(sessions{pool=\"{{pool}}\"})"),
                        "hostQueries", Map.of("orders", "orders_waiting")))
                .read(request());

        assertThat(value(readings, MetricKey.pool("sessions", "workers"))).isEqualTo(5);
        assertThat(value(readings, MetricKey.host("orders"))).isEqualTo(5);
    }

    @Test
    void aThousandServicesTakeAHandfulOfCalls() {
        List<String> services =
                IntStream.range(0, 1_000).mapToObj(i -> "service-" + i).toList();
        services.forEach(service -> server.targets.put(service, "1"));
        server.latency = Duration.ofMillis(50);
        Metrics source = source(Map.of("serviceQueries", Map.of("waiting", "queue{app=\"{{service}}\"}")));

        MetricReadings readings = source.read(request(services, Duration.ofSeconds(30)));

        assertThat(readings.samples()).hasSize(1_005);
        assertThat(server.queries).hasSize(6);
    }

    // ---- several servers

    @Test
    void whenAServerDoesNotAnswerTheNextOneIsAskedAndStaysTheOne() throws IOException {
        FakePrometheus dead = server();
        dead.close();
        Metrics source = source(Map.of("endpoint", List.of(dead.uri(), server.uri())));

        assertThat(value(source.read(request()), NODE_CPU)).isEqualTo(1.5);
        assertThat(value(source.read(request()), NODE_CPU)).isEqualTo(1.5);

        assertThat(warnings).hasSize(1).allMatch(warning -> warning.contains("is asked now"));
        assertThat(server.queries).hasSize(4);
    }

    @Test
    void aServerThatHangsLeavesTimeForTheNext() throws IOException {
        FakePrometheus slow = server();
        slow.latency = Duration.ofMinutes(1);

        MetricReadings readings = source(Map.of("endpoint", List.of(slow.uri(), server.uri())))
                .read(request(List.of(), Duration.ofSeconds(4)));

        assertThat(value(readings, NODE_CPU)).isEqualTo(1.5);
    }

    @Test
    void aServerThatKnowsNothingIsPassedOver() throws IOException {
        FakePrometheus empty = server();
        Metrics source = source(Map.of("endpoint", List.of(empty.uri(), server.uri())));

        assertThat(source.read(request()).samples()).isEmpty();
        assertThat(value(source.read(request()), NODE_CPU)).isEqualTo(1.5);
    }

    @Test
    void whenNobodyAnswersItSaysWhyAndRecoversByItself() {
        Metrics source = source(Map.of());
        server.status = 503;

        assertThatThrownBy(() -> source.read(request()))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageContaining("503");
        server.status = 200;
        assertThat(value(source.read(request()), NODE_CPU)).isEqualTo(1.5);
    }

    // ---- proof of who asks, and settings

    @Test
    void aTokenOrAPasswordIsShownToTheServerAndToNobodyElse() {
        source(Map.of("token", Secret.of("s3cr3t-token"))).read(request());
        source(Map.of("user", "ann", "password", Secret.of("s3cr3t-word"))).read(request());

        assertThat(server.authorizations).contains("Bearer s3cr3t-token").anyMatch(proof -> proof.startsWith("Basic "));
        server.status = 500;
        server.answers = query -> "{\"errorType\":\"internal\",\"error\":\"not s3cr3t-token\"}";
        assertThatThrownBy(
                        () -> source(Map.of("token", Secret.of("s3cr3t-token"))).read(request()))
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void aSettingThatIsWrongIsToldByNameWithWhatIsAllowed() {
        assertThatThrownBy(() -> source(Map.of("interval", "10ms"))).hasMessageContaining("interval");
        assertThatThrownBy(() -> source(Map.of("token", Secret.of("t"), "endpoint", "http://prometheus:9090")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("https");
        assertThatThrownBy(() -> source(Map.of("user", "ann"))).hasMessageContaining("password");
        assertThatThrownBy(() -> source(Map.of("serviceQueries", Map.of("x", "y{a=\"{{pool}}\"}"))))
                .hasMessageContaining("{{pool}}")
                .hasMessageContaining("{{service}}");
        assertThatThrownBy(() -> source(Map.of("rules.thresholds", Map.of("service:web", "10/20"))))
                .hasMessageContaining("80/20");
    }
}
