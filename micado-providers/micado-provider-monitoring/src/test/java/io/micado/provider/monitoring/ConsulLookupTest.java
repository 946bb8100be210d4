package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import io.micado.api.metric.Sample;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.NodeId;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The source finds its server by Consul, also while Consul itself is in trouble. */
class ConsulLookupTest {
    private static final MetricKey CPU = MetricKey.task(Metric.CPU, "t1");

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final QuestionsByHand time = new QuestionsByHand();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> asks = new CopyOnWriteArrayList<>();
    private HttpServer consul;
    private volatile int status = 200;
    private volatile String instances = "[]";
    private FakePrometheus server;

    @BeforeEach
    void start() throws IOException {
        server = server(0.5);
        ExecutorService threads = Executors.newCachedThreadPool();
        open.add(threads::shutdownNow);
        consul = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        consul.setExecutor(threads);
        consul.createContext("/v1/health/service/", this::answer);
        consul.start();
        open.add(() -> consul.stop(0));
        instances = "[" + instance(server) + "]";
    }

    /**
     * A monotonic clock that stands still until it is put forward, and the machine's own threads. Only questions to Consul are answered
     * at once, on the thread of the reading, or not before the test says so.
     */
    private static final class QuestionsByHand implements Timekeeper {
        private static final Duration HANGS = Duration.ofSeconds(60);

        private final Timekeeper machine = new SystemTimekeeper();
        private final AtomicLong now = new AtomicLong();
        private final List<Runnable> open = new ArrayList<>();
        private boolean hangs;

        @Override
        public Instant wallClock() {
            return machine.wallClock();
        }

        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return machine.schedule(delay, task);
        }

        @Override
        public BoundedExecutor boundedExecutor(String name, int threads) {
            if (!name.equals("consul-lookup")) {
                return machine.boundedExecutor(name, threads);
            }
            return new BoundedExecutor() {
                @Override
                public Cancellable submit(Runnable task) {
                    if (hangs) {
                        open.add(task);
                    } else {
                        task.run();
                    }
                    return () -> {};
                }

                @Override
                public void close() {}
            };
        }

        /** However slow the machine is: what is waited for here comes, or the test is wrong. */
        @Override
        public boolean await(CompletableFuture<?> future, Duration atMost) {
            if (!machine.await(future, HANGS)) {
                throw new AssertionError("waited for what does not come");
            }
            return true;
        }
    }

    private FakePrometheus server(double cpu) throws IOException {
        FakePrometheus made = new FakePrometheus();
        made.task("t1", cpu, 1e6, Duration.ofSeconds(1));
        open.add(made);
        return made;
    }

    private static String instance(FakePrometheus server) {
        return "{\"Node\":{\"Address\":\"127.0.0.1\"},\"Service\":{\"Address\":\"\",\"Port\":"
                + URI.create(server.uri()).getPort() + "}}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        asks.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("X-Consul-Token"));
        byte[] body = (status == 200 ? instances : "No cluster leader").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private Metrics source() {
        Metrics source = new PrometheusMetricSource()
                .open(
                        Settings.of(Map.of(
                                "endpoint",
                                "consul:prometheus",
                                "consul.endpoint",
                                "http://127.0.0.1:" + consul.getAddress().getPort(),
                                "consul.token",
                                Secret.of("t0ken"),
                                "nodes",
                                false,
                                "interval",
                                INTERVAL)),
                        new PluginContext("shop", "prometheus", time, "io.micado.prometheus", warnings::add));
        open.add(source);
        return source;
    }

    private static MetricReadings read(Metrics source) {
        TaskState task = TaskState.placed("t1", "web", TaskState.Phase.RUNNING, new NodeId("n"), Instant.EPOCH, "c1");
        return source.read(new MetricRequest(
                new ClusterView("c", Instant.EPOCH, true, List.of(), List.of(), List.of(task)),
                List.of(),
                Duration.ofSeconds(5)));
    }

    private static double cpu(Metrics source) {
        return read(source).get(CPU).map(Sample::value).orElse(Double.NaN);
    }

    /** {@return what a reading tells that is a whole interval later, so that Consul is asked again} */
    private double cpuLater(Metrics source) {
        time.now.addAndGet(INTERVAL.toNanos());
        return cpu(source);
    }

    @Test
    void theServerIsWhereConsulSays() {
        assertThat(cpu(source())).isEqualTo(0.5);
        assertThat(asks).containsExactly("/v1/health/service/prometheus?passing=true t0ken");
    }

    @Test
    void withinAnIntervalItIsNotAskedAgain() {
        Metrics source = source();
        cpu(source);
        time.now.addAndGet(INTERVAL.toNanos() - 1);
        cpu(source);
        assertThat(asked).hasValue(1);
        time.now.addAndGet(1);
        cpu(source);
        assertThat(asked).hasValue(2);
    }

    @Test
    void aServerThatMovesIsFollowed() throws Exception {
        Metrics source = source();
        assertThat(cpu(source)).isEqualTo(0.5);

        instances = "[" + instance(server(0.7)) + "]";

        assertThat(cpuLater(source)).isEqualTo(0.7);
    }

    @Test
    void whatWasKnownHoldsWhileConsulHasNoLeaderOrNobodyHealthy() {
        Metrics source = source();
        assertThat(cpu(source)).isEqualTo(0.5);

        status = 500;
        assertThat(cpuLater(source)).isEqualTo(0.5);
        assertThat(cpuLater(source)).isEqualTo(0.5);
        assertThat(warnings).singleElement().asString().contains("Consul does not tell", "\"prometheus\"");

        status = 200;
        instances = "[]";
        assertThat(cpuLater(source)).isEqualTo(0.5);
        assertThat(warnings).hasSize(2).last().asString().contains("no healthy instance");
    }

    @Test
    void noReadingWaitsForAConsulThatHangsAndItsAnswerCountsWhenItComes() throws Exception {
        Metrics source = source();
        assertThat(cpu(source)).isEqualTo(0.5);

        time.hangs = true;
        instances = "[" + instance(server(0.7)) + "]";
        assertThat(cpuLater(source)).isEqualTo(0.5);
        assertThat(cpuLater(source)).isEqualTo(0.5);
        assertThat(time.open).as("asked once until it answers").hasSize(1);

        time.open.remove(0).run();
        assertThat(cpu(source)).isEqualTo(0.7);
    }

    @Test
    void withoutAnAnswerTheReadingFailsAndTheNextOneAsksAgain() {
        status = 503;
        Metrics source = source();
        assertThatThrownBy(() -> read(source))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageContaining("Consul does not tell where the service \"prometheus\" is");

        status = 200;
        assertThat(cpu(source)).isEqualTo(0.5);
    }
}
