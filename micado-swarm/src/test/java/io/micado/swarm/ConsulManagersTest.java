package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Settings;
import io.micado.docker.Eventually;
import io.micado.docker.FakeEngine;
import io.micado.docker.FakeEngine.Answer;
import io.micado.docker.RealTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Managers of a Swarm that a Consul agent tells of, in the form in which a real one answers. */
@Timeout(60)
class ConsulManagersTest {
    private final RealTime time = new RealTime();
    private final FakeSwarm first = new FakeSwarm();
    private final FakeSwarm second = new FakeSwarm();
    private final FakeEngine consul = new FakeEngine();
    private volatile String instances = "[]";

    @BeforeEach
    void answer() {
        consul.on("GET", "/health/service/([^/]+)", (call, path) -> Optional.of(Answer.ok(instances)));
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        consul.close();
        time.close();
    }

    private SwarmSettings settings(String... more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("hosts", "consul:swarm");
        settings.put("consul.endpoint", "http://127.0.0.1:" + consul.uri().getPort());
        settings.put("allowPlainTcp", true);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return SwarmSettings.of(Settings.of(settings));
    }

    private void tells(FakeSwarm... swarms) {
        instances = Stream.of(swarms)
                .map(swarm -> "{\"Node\":{\"Address\":\"127.0.0.1\"},\"Service\":{\"Address\":\"\",\"Port\":"
                        + swarm.engine.uri().getPort() + "}}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void isAskedWhenTheManagersAreNeededAndNotForEachRequest() {
        tells(first);
        try (SwarmCluster cluster = FakeSwarm.open(time, settings("consul.token", "the-token-of-ours"))) {
            assertThat(consul.calls()).isEmpty();
            cluster.start();
            assertThat(cluster.observe().nodes()).hasSize(1);
            assertThat(cluster.observe().nodes()).hasSize(1);
        }
        assertThat(consul.calls())
                .extracting(Object::toString)
                .containsExactly("GET /health/service/swarm?passing=true");
    }

    @Test
    void isAskedAgainWhenNoneThatIsKnownCanBeUsed() {
        tells(first);
        try (SwarmCluster cluster = FakeSwarm.open(time, settings())) {
            assertThat(cluster.observe().nodes()).hasSize(1);

            second.put("nodes", "manager2", "{\"Role\":\"manager\",\"Availability\":\"active\",\"Labels\":{}}");
            tells(second);
            first.close();
            // One that has just told is left alone for some seconds.
            assertThat(Eventually.until(() -> nodes(cluster), nodes -> nodes == 2))
                    .isEqualTo(2);
        }
    }

    private static int nodes(SwarmCluster cluster) {
        try {
            return cluster.observe().nodes().size();
        } catch (MicadoException e) {
            return 0;
        }
    }

    @Test
    void thoseThatAreKnownServeWhileConsulIsDown() {
        tells(first);
        try (SwarmCluster cluster = FakeSwarm.open(time, settings())) {
            cluster.start();
            consul.close();
            assertThat(cluster.observe().nodes()).hasSize(1);
        }
    }

    @Test
    void whyNobodyIsKnownIsSaid() {
        try (SwarmCluster cluster = FakeSwarm.open(time, settings("consul.token", "the-token-of-ours"))) {
            assertThatThrownBy(cluster::start)
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                    .hasMessageContaining("service \"swarm\": it knows no healthy instance with a port")
                    .hasMessageNotContaining("the-token-of-ours");

            consul.on(
                    "GET",
                    "/health/service/([^/]+)",
                    (call, path) -> Optional.of(new Answer(500, "No cluster leader")));
            assertThatThrownBy(cluster::observe).hasMessageContaining("it answers with status 500");

            consul.on("GET", "/health/service/([^/]+)", (call, path) -> Optional.of(Answer.ok("<html>")));
            assertThatThrownBy(cluster::observe).hasMessageContaining("JsonParseException");
            consul.close();
            assertThatThrownBy(cluster::observe).hasMessageContaining("ConnectException");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8500", "ftp://127.0.0.1", "http://user:secret@127.0.0.1:8500", "http://a/b"})
    void anAddressThatIsNoneIsRefused(String endpoint) {
        assertThatThrownBy(() -> settings("consul.endpoint", endpoint))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("consul.endpoint: must be http://HOST:PORT")
                .hasMessageNotContaining("secret");
    }

    @Test
    void theTokenIsNotShown() {
        assertThat(settings("consul.token", "the-token-of-ours").toString()).doesNotContain("the-token-of-ours");
    }
}
