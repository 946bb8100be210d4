package io.micado.swarm;

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
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.docker.FakeEngine;
import io.micado.docker.FakeEngine.Answer;
import io.micado.docker.RealTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DockerMetricsTest {
    private static final Instant READ = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final NodeId MANAGER = new NodeId("manager1");
    private static final NodeId WORKER = new NodeId("node2");

    private final RealTime time = new RealTime();
    private final FakeEngine manager = new FakeEngine();
    private final FakeEngine worker = new FakeEngine();
    private final List<TaskState> tasks = new ArrayList<>();
    private final List<Machine> machines = new ArrayList<>();
    /** What each container's counters say, by its id: CPU nanoseconds, memory, seconds after {@link #READ}. */
    private final Map<String, long[]> counters = new ConcurrentHashMap<>();

    private final Map<String, long[]> earlier = new ConcurrentHashMap<>();

    private final Settings settings = Settings.of(Map.of("hosts", manager.uri().toString(), "allowPlainTcp", true));
    private final Metrics metrics = open(settings);

    DockerMetricsTest() {
        manager.json("/info", "{\"Swarm\":{\"NodeID\":\"manager1\"}}");
        for (FakeEngine engine : List.of(manager, worker)) {
            engine.on("GET", "/containers/([^/]+)/stats", (call, path) -> Optional.of(stats(path.group(1))));
        }
        machines.add(machine(worker.uri()));
    }

    @AfterEach
    void close() {
        metrics.close();
        manager.close();
        worker.close();
        time.close();
    }

    @Test
    void readsMemoryAtOnceAndCpuFromTheSecondTimeOn() {
        run("t1", MANAGER, "c1");
        counters.put("c1", new long[] {1_000_000_000L, 4096, 0});

        MetricReadings first = read();
        counters.put("c1", new long[] {8_500_000_000L, 8192, 5});
        MetricReadings second = read();

        assertThat(value(first, MetricKey.task(Metric.MEMORY, "t1"))).isEqualTo(4096);
        assertThat(first.get(MetricKey.task(Metric.CPU, "t1"))).isEmpty();
        assertThat(first.get(MetricKey.node(Metric.CPU, MANAGER))).isEmpty();
        assertThat(value(second, MetricKey.task(Metric.MEMORY, "t1"))).isEqualTo(8192);
        assertThat(value(second, MetricKey.task(Metric.CPU, "t1"))).isEqualTo(1.5, within(1e-9));
        assertThat(second.get(MetricKey.task(Metric.CPU, "t1")).orElseThrow().window())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(second.problems()).isEmpty();
    }

    @Test
    void knowsTheCpuOfANewContainerFromTwoReadingsOfTheEnginesOwn() {
        run("t1", WORKER, "c1");
        counters.put("c1", new long[] {7_000_000_000L, 4096, 1});
        earlier.put("c1", new long[] {6_500_000_000L, 0});

        Sample cpu = read().get(MetricKey.task(Metric.CPU, "t1")).orElseThrow();

        assertThat(cpu.value()).isEqualTo(0.5, within(1e-9));
        assertThat(cpu.window()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void asksForSuchPairsOnlyWhileFewContainersAreNew() {
        for (int i = 0; i < 9; i++) {
            run("t" + i, WORKER, "c" + i);
            counters.put("c" + i, new long[] {0, 1, 0});
        }
        read();
        run("t9", WORKER, "c9");
        counters.put("c9", new long[] {0, 1, 5});
        read();

        assertThat(worker.calls("GET"))
                .filteredOn(call -> call.contains("one-shot=false"))
                .containsExactly("GET /containers/c9/stats?one-shot=false&stream=false");
    }

    @Test
    void correctsTheEnginesClock() {
        run("t1", MANAGER, "c1");
        counters.put("c1", new long[] {0, 1, 0});
        Duration ahead = Duration.ofHours(1);
        try (RealTime ourClock = new RealTime(ahead);
                Metrics onOurClock = new DockerMetricSource().open(settings, FakeSwarm.context(ourClock))) {
            Sample sample = onOurClock
                    .read(request(DEADLINE))
                    .get(MetricKey.task(Metric.MEMORY, "t1"))
                    .orElseThrow();

            assertThat(sample.observedAt())
                    .isBetween(
                            READ.plus(ahead).minusSeconds(2), READ.plus(ahead).plusSeconds(2));
        }
    }

    @Test
    void asksTheEngineThatTheMachineNames() {
        run("t1", WORKER, "c1");
        counters.put("c1", new long[] {0, 77, 0});

        assertThat(value(read(), MetricKey.task(Metric.MEMORY, "t1"))).isEqualTo(77);
        assertThat(worker.calls("GET")).containsExactly("GET /containers/c1/stats?one-shot=false&stream=false");
    }

    @Test
    void sumsUpWhatTheTasksOfANodeUse() {
        run("t1", WORKER, "c1");
        run("t2", WORKER, "c2");
        counters.put("c1", new long[] {0, 100, 0});
        counters.put("c2", new long[] {0, 20, 0});
        read();
        counters.put("c1", new long[] {1_000_000_000L, 100, 2});
        counters.put("c2", new long[] {3_000_000_000L, 20, 4});
        MetricReadings readings = read();

        assertThat(value(readings, MetricKey.node(Metric.CPU, WORKER))).isEqualTo(1.25, within(1e-9));
        assertThat(value(readings, MetricKey.node(Metric.MEMORY, WORKER))).isEqualTo(120);
        assertThat(value(readings, MetricKey.node(Metric.CPU, MANAGER)))
                .as("runs nothing")
                .isZero();
    }

    @Test
    void hasNoSumWhenOneOfTheTasksIsUnknown() {
        run("t1", WORKER, "c1");
        counters.put("c1", new long[] {0, 100, 0});
        read();
        counters.put("c1", new long[] {1_000_000_000L, 100, 2});
        run("t2", WORKER, "c2");
        counters.put("c2", new long[] {0, 20, 2});
        MetricReadings readings = read();

        assertThat(readings.get(MetricKey.task(Metric.CPU, "t1"))).isPresent();
        assertThat(readings.get(MetricKey.task(Metric.CPU, "t2"))).isEmpty();
        assertThat(readings.get(MetricKey.node(Metric.CPU, WORKER))).isEmpty();
        assertThat(value(readings, MetricKey.node(Metric.MEMORY, WORKER))).isEqualTo(120);
    }

    @Test
    void aCounterThatWasResetGivesNoCpu() {
        run("t1", WORKER, "c1");
        counters.put("c1", new long[] {5_000_000_000L, 1, 0});
        read();
        counters.put("c1", new long[] {1_000_000_000L, 1, 5});

        assertThat(read().get(MetricKey.task(Metric.CPU, "t1"))).isEmpty();
    }

    @Test
    void aContainerThatIsGoneIsNoProblem() {
        run("t1", WORKER, "c1");
        run("t2", WORKER, "gone");
        counters.put("c1", new long[] {0, 5, 0});

        MetricReadings readings = read();

        assertThat(readings.problems()).isEmpty();
        assertThat(readings.get(MetricKey.task(Metric.MEMORY, "t2"))).isEmpty();
        assertThat(value(readings, MetricKey.node(Metric.MEMORY, WORKER))).isEqualTo(5);
    }

    @Test
    void leavesOutAnEngineThatCannotBeReachedAndSaysWhy() {
        run("t1", MANAGER, "c1");
        run("t2", WORKER, "c2");
        counters.put("c1", new long[] {0, 5, 0});
        worker.close();

        MetricReadings readings = read();

        assertThat(readings.get(MetricKey.task(Metric.MEMORY, "t1"))).isPresent();
        assertThat(readings.get(MetricKey.node(Metric.MEMORY, WORKER))).isEmpty();
        assertThat(readings.problems())
                .singleElement()
                .asString()
                .startsWith("1 of 1 tasks were not measured: cannot connect to Docker at " + worker.uri());
    }

    @Test
    void failsWhenNoEngineAnswers() {
        run("t1", WORKER, "c1");
        worker.close();
        manager.answer("GET", "/info", Answer.error(500, "broken"));

        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageStartingWith("no Docker Engine told what its tasks use: ");
    }

    @Test
    void aStuckEngineHoldsUpNobodyAndIsNotAskedAgainBeforeItAnswers() {
        run("t1", MANAGER, "c1");
        for (int i = 0; i < 20; i++) {
            run("w" + i, WORKER, "w" + i);
        }
        counters.put("c1", new long[] {0, 5, 0});
        worker.hang("GET", "/containers/([^/]+)/stats");

        long started = System.nanoTime();
        MetricReadings first = read(Duration.ofMillis(1500));
        MetricReadings second = read(Duration.ofMillis(1500));
        Duration took = Duration.ofNanos(System.nanoTime() - started);

        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(first.get(MetricKey.task(Metric.MEMORY, "t1"))).isPresent();
        assertThat(first.problems())
                .containsExactly(
                        "20 of 20 tasks were not measured: Docker at " + worker.uri() + " did not answer in time");
        assertThat(second.get(MetricKey.task(Metric.MEMORY, "t1"))).isPresent();
        assertThat(second.problems())
                .containsExactly(
                        "Docker at " + worker.uri() + " has not answered the last question about its containers yet");
        assertThat(worker.calls()).as("one probe, no more").hasSize(1);
    }

    @Test
    void probesAnEngineThatWasStuckBeforeItAsksForEverything() {
        for (int i = 0; i < 20; i++) {
            run("w" + i, WORKER, "w" + i);
            counters.put("w" + i, new long[] {0, 1, 0});
        }
        AtomicInteger answered = new AtomicInteger();
        worker.on("GET", "/containers/([^/]+)/stats", (call, path) -> {
            answered.incrementAndGet();
            return Optional.of(Answer.error(500, "broken"));
        });

        assertThat(read().problems()).singleElement().asString().startsWith("20 of 20 tasks were not measured");
        assertThat(read().problems()).singleElement().asString().endsWith("broken");
        assertThat(answered.get()).isEqualTo(2);

        worker.on("GET", "/containers/([^/]+)/stats", (call, path) -> Optional.of(stats(path.group(1))));
        assertThat(read().samples()).hasSizeGreaterThan(20);
    }

    @Test
    void asksAboutAFewContainersAtATime() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        worker.on("GET", "/containers/([^/]+)/stats", (call, path) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
            }
            now.decrementAndGet();
            return Optional.of(stats(path.group(1)));
        });
        for (int i = 0; i < 100; i++) {
            run("w" + i, WORKER, "w" + i);
            counters.put("w" + i, new long[] {0, 1, 0});
        }

        assertThat(value(read(), MetricKey.node(Metric.MEMORY, WORKER))).isEqualTo(100);
        assertThat(most.get()).isLessThanOrEqualTo(8);
        assertThat(worker.calls()).hasSize(100);
    }

    @Test
    void saysWhichNodesEngineIsNotKnown() {
        machines.clear();
        run("t1", MANAGER, "c1");
        run("t2", WORKER, "c2");
        counters.put("c1", new long[] {0, 5, 0});

        assertThat(read().problems())
                .containsExactly(
                        "the address of the Docker Engine of node host-node2 is not known, so its 1 tasks are not "
                                + "measured; name it among \"hosts\" or use another metric source");
    }

    @Test
    void saysWhichMachinesAddressIsRefused() {
        machines.clear();
        machines.add(machine(URI.create("ssh://somewhere")));
        run("t1", MANAGER, "c1");
        counters.put("c1", new long[] {0, 5, 0});

        assertThat(read().problems())
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("node host-node2: host: \"ssh://somewhere\" is no address that is understood"));
    }

    @Test
    void measuresWhatStillRunsThoughItIsToStop() {
        tasks.add(TaskState.placed("t1", "web", Phase.STOPPING, WORKER, READ, "c1"));
        tasks.add(TaskState.placed("t2", "web", Phase.STARTING, WORKER, READ, "c2"));
        counters.put("c1", new long[] {0, 5, 0});
        counters.put("c2", new long[] {0, 5, 0});

        assertThat(value(read(), MetricKey.node(Metric.MEMORY, WORKER))).isEqualTo(5);
    }

    @Test
    void checksItsSettings() {
        assertThat(metrics.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThatThrownBy(() -> open(Settings.of("interval", "10ms")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("interval: must be 1s or more");
        assertThatThrownBy(() -> open(Settings.of("threads", 0))).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> open(Settings.of("hosts", "tcp://h:2375"))).isInstanceOf(ConfigurationException.class);
    }

    private Metrics open(Settings settings) {
        return new DockerMetricSource().open(settings, FakeSwarm.context(time));
    }

    private MetricReadings read() {
        return read(DEADLINE);
    }

    private MetricReadings read(Duration deadline) {
        return metrics.read(request(deadline));
    }

    private MetricRequest request(Duration deadline) {
        List<Node> nodes = List.of(
                Node.builder(MANAGER).hostname("host-manager1").manager(true).build(),
                Node.builder(WORKER)
                        .hostname("host-node2")
                        .labels(Map.of(Tags.WORKER, "w-2"))
                        .build());
        return new MetricRequest(new ClusterView("id", READ, true, nodes, List.of(), tasks), machines, deadline);
    }

    private void run(String task, NodeId node, String container) {
        tasks.add(TaskState.placed(task, "web", Phase.RUNNING, node, READ, container));
    }

    private Answer stats(String container) {
        long[] counter = counters.get(container);
        long[] before = earlier.get(container);
        if (counter == null) {
            return Answer.error(404, "No such container: " + container);
        }
        return Answer.ok("""
                {"read":"%s","cpu_stats":{"cpu_usage":{"total_usage":%d}},"memory_stats":{"usage":%d,"stats":{}},
                 "preread":"%s","precpu_stats":{"cpu_usage":{"total_usage":%d}}}""".formatted(
                        READ.plusSeconds(counter[2]),
                        counter[0],
                        counter[1],
                        before == null ? "0001-01-01T00:00:00Z" : READ.plusSeconds(before[1]),
                        before == null ? 0 : before[0]));
    }

    private static Machine machine(URI engine) {
        return Machine.builder(new MachineId("local", "m2"), MachineStatus.RUNNING)
                .worker(new WorkerId("w-2"))
                .engine(engine)
                .build();
    }

    private static double value(MetricReadings readings, MetricKey key) {
        Optional<Sample> sample = readings.get(key);
        assertThat(sample).as(key.toString()).isPresent();
        return sample.orElseThrow().value();
    }
}
