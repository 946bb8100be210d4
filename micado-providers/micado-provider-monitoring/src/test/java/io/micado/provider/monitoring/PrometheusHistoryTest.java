package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.MicadoException;
import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Settings;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the source tells of the past, from a server that refuses what Prometheus refuses. The newest point is never a number. */
class PrometheusHistoryTest {
    private static final MetricKey WEB = MetricKey.service(Metric.CPU, "web");
    private static final String OF_WEB = "\"container_label_com_docker_swarm_service_name\":\"web\"";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakePrometheus server;

    @BeforeEach
    void start() throws IOException {
        server = new FakePrometheus();
        open.add(server);
        server.past.add(OF_WEB);
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private MetricHistory history(Map<String, ?> more, Duration span, Duration step, MetricKey... keys) {
        Map<String, Object> settings = new HashMap<>(Map.of("endpoint", server.uri()));
        settings.putAll(more);
        Metrics source = new PrometheusMetricSource()
                .open(
                        Settings.of(settings),
                        new PluginContext("shop", "prometheus", time, "io.micado.prometheus", warning -> {}));
        open.add(source);
        return source.history(new HistoryRequest(List.of(keys), span, step, Duration.ofSeconds(10)));
    }

    private static void assertEvenlySpaced(List<Sample> samples, Duration step) {
        for (int i = 1; i < samples.size(); i++) {
            assertThat(Duration.between(
                            samples.get(i - 1).observedAt(), samples.get(i).observedAt()))
                    .as("between %d and the one before", i)
                    .isEqualTo(step);
        }
    }

    @Test
    void thePastOfAServiceIsThatOfItsTasksTogetherTheOldestFirst() {
        MetricHistory history = history(Map.of(), Duration.ofHours(1), MINUTE, WEB);

        assertThat(history.problems()).isEmpty();
        assertThat(history.of(WEB)).hasSize(60);
        assertEvenlySpaced(history.of(WEB), MINUTE);
        assertThat(history.of(WEB).get(59).age(time.wallClock()))
                .isBetween(MINUTE, MINUTE.multipliedBy(2).plusSeconds(5));
        assertThat(server.ranges).hasSize(1);
        assertThat(server.ranges.get(0).get("query"))
                .startsWith("sum by (container_label_com_docker_swarm_service_name) (max by (")
                .contains("=~\"web\"", "[60s]");
    }

    @Test
    void aRateCoversAtLeastAStepSoThatNothingIsBetweenTwo() {
        history(Map.of(), Duration.ofHours(10), Duration.ofMinutes(10), WEB);

        assertThat(server.ranges.get(0).get("query")).contains("[600s]");
    }

    @Test
    void whatAServerWouldRefuseIsAskedForInPieces() {
        MetricHistory history = history(Map.of(), Duration.ofSeconds(30_000), Duration.ofSeconds(1), WEB);

        assertThat(history.problems()).isEmpty();
        assertThat(server.ranges).hasSize(3);
        // The newest of each piece is no number.
        assertThat(history.of(WEB)).hasSize(30_001 - 3);
        assertThat(history.of(WEB)).isSortedAccordingTo((a, b) -> a.observedAt().compareTo(b.observedAt()));
    }

    @Test
    void aPieceThatFailsCostsTheOlderPastAlone() {
        server.pastBegins = server.now().minusSeconds(25_000);
        MetricHistory history = history(Map.of(), Duration.ofSeconds(30_000), Duration.ofSeconds(1), WEB);

        assertThat(history.of(WEB)).hasSize(22_000 - 2);
        assertThat(history.problems()).singleElement().asString().contains("past of cpu", "no blocks");
    }

    @Test
    void timesAreOursAlthoughTheServersClockIsAhead() {
        server.ahead = Duration.ofHours(5);

        List<Sample> samples =
                history(Map.of(), Duration.ofHours(1), MINUTE, WEB).of(WEB);

        Instant now = time.wallClock();
        assertThat(samples).hasSize(60);
        assertThat(samples.get(59).observedAt()).isBetween(now.minusSeconds(125), now);
    }

    @Test
    void ofTheUsersOwnQueriesWhatIsAmbiguousOrPartialIsLeftOut() {
        Map<String, Object> own = new HashMap<>(Map.of("hostQueries", Map.of("open", "sum(orders_open)")));
        MetricKey key = MetricKey.host("open");
        server.past.clear();
        server.past.add("");
        assertThat(history(own, Duration.ofHours(1), MINUTE, key).of(key)).hasSize(60);

        server.warning = "one block was not read";
        MetricHistory partial = history(own, Duration.ofHours(1), MINUTE, key);
        assertThat(partial.of(key)).isEmpty();
        assertThat(partial.problems()).singleElement().asString().contains("one block was not read");
        own.put("acceptPartial", true);
        assertThat(history(own, Duration.ofHours(1), MINUTE, key).of(key)).hasSize(60);

        server.past.add("\"shop\":\"a\"");
        MetricHistory several = history(own, Duration.ofHours(1), MINUTE, key);
        assertThat(several.of(key)).isEmpty();
        assertThat(several.problems()).anySatisfy(problem -> assertThat(problem).contains("several series"));
    }

    @Test
    void aNameIsNoPattern() {
        history(Map.of(), Duration.ofHours(1), MINUTE, MetricKey.service(Metric.CPU, "a.b"), WEB);

        assertThat(server.ranges.get(0).get("query")).contains("=~\"a\\\\.b|web\"");
    }

    @Test
    void whoIsAskedForNothingThatItKnowsAsksNobody() {
        MetricHistory history = history(Map.of(), Duration.ofHours(1), MINUTE, MetricKey.host("orders"));

        assertThat(history).isEqualTo(MetricHistory.NONE);
        assertThat(server.queries).isEmpty();
    }

    @Test
    void aServerThatDoesNotAnswerIsNoEmptyPast() {
        server.status = 503;

        assertThatThrownBy(() -> history(Map.of(), Duration.ofHours(1), MINUTE, WEB))
                .isInstanceOf(MicadoException.class);
    }
}
