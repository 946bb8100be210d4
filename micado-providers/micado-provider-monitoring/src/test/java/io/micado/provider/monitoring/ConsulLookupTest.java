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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The source finds its server by Consul, also while Consul itself is in trouble. */
class ConsulLookupTest {
    private static final MetricKey CPU = MetricKey.task(Metric.CPU, "t1");

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final PutForward time = new PutForward();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> asks = new CopyOnWriteArrayList<>();
    private HttpServer consul;
    private volatile int status = 200;
    private volatile boolean hangs;
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

    /** The machine's own time and threads, with a monotonic clock that can be put forward. */
    private static final class PutForward implements Timekeeper {
        private final Timekeeper machine = new SystemTimekeeper();
        private final AtomicLong ahead = new AtomicLong();

        @Override
        public Instant wallClock() {
            return machine.wallClock();
        }

        @Override
        public long nanoTime() {
            return machine.nanoTime() + ahead.get();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return machine.schedule(delay, task);
        }

        @Override
        public BoundedExecutor boundedExecutor(String name, int threads) {
            return machine.boundedExecutor(name, threads);
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
        if (hangs) {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] body = (status == 200 ? instances : "No cluster leader").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @AfterEach
    void stop() throws Exception {
        end.countDown();
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

    /** Reads until Consul has been asked so many times more, each time a whole interval later. */
    private void readUntilAskedAgain(Metrics source, int times) throws InterruptedException {
        int before = asked.get();
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (asked.get() < before + times && System.nanoTime() < limit) {
            time.ahead.addAndGet(INTERVAL.toNanos());
            read(source);
            assertThat(end.await(10, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(asked.get()).isGreaterThanOrEqualTo(before + times);
    }

    @Test
    void theServerIsWhereConsulSays() {
        assertThat(cpu(source())).isEqualTo(0.5);
        assertThat(asks).containsExactly("/v1/health/service/prometheus?passing=true t0ken");
    }

    @Test
    void aServerThatMovesIsFollowed() throws Exception {
        Metrics source = source();
        assertThat(cpu(source)).isEqualTo(0.5);

        instances = "[" + instance(server(0.7)) + "]";
        readUntilAskedAgain(source, 2);

        assertThat(cpu(source)).isEqualTo(0.7);
    }

    @Test
    void whatWasKnownHoldsWhileConsulHasNoLeaderOrNobodyHealthy() throws Exception {
        Metrics source = source();
        assertThat(cpu(source)).isEqualTo(0.5);

        status = 500;
        readUntilAskedAgain(source, 2);
        assertThat(cpu(source)).isEqualTo(0.5);
        assertThat(warnings).singleElement().asString().contains("Consul does not tell", "\"prometheus\"");

        status = 200;
        instances = "[]";
        readUntilAskedAgain(source, 2);
        assertThat(cpu(source)).isEqualTo(0.5);
        assertThat(warnings).hasSize(2).last().asString().contains("no healthy instance");
    }

    @Test
    void aConsulThatHangsCostsNoReadingItsTime() throws Exception {
        Metrics source = source();
        assertThat(cpu(source)).isEqualTo(0.5);
        hangs = true;
        readUntilAskedAgain(source, 1);

        long begin = System.nanoTime();
        assertThat(cpu(source)).isEqualTo(0.5);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void withoutAnAnswerTheReadingFailsInTimeAndThenCatchesUp() throws Exception {
        status = 503;
        Metrics source = source();
        assertThatThrownBy(() -> read(source))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageContaining("Consul does not tell where the service \"prometheus\" is");

        status = 200;
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        double found = Double.NaN;
        while (Double.isNaN(found) && System.nanoTime() < limit) {
            try {
                found = cpu(source);
            } catch (MicadoException e) {
                assertThat(e).hasMessageContaining("Consul");
            }
        }
        assertThat(found).isEqualTo(0.5);
    }
}
