package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.spi.ContainerOrchestrator;
import io.micado.api.spi.MetricSource;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.docker.DockerConnection;
import io.micado.docker.RealTime;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwarmOrchestratorTest {

    @Test
    void isFoundByItsType() {
        assertThat(ServiceLoader.load(ContainerOrchestrator.class))
                .extracting(ContainerOrchestrator::type)
                .containsExactly("swarm");
        assertThat(ServiceLoader.load(MetricSource.class))
                .extracting(MetricSource::type)
                .containsExactly("docker");
    }

    @Test
    void describesEverySettingOnce() {
        for (List<SettingKey> keys : List.of(new SwarmOrchestrator().settings(), new DockerMetricSource().settings())) {
            assertThat(keys).extracting(SettingKey::name).doesNotHaveDuplicates();
            assertThat(keys)
                    .noneMatch(key -> key.required() || key.description().isBlank());
        }
    }

    @Test
    void opensWithoutTheNetwork() {
        RealTime time = new RealTime();
        Settings settings = Settings.of("hosts", "unix:///nowhere/docker.sock");

        new SwarmOrchestrator().open(settings, FakeSwarm.context(time)).close();
        new DockerMetricSource().open(settings, FakeSwarm.context(time)).close();
        time.close();
    }

    @Test
    void takesSeveralHostsAndForgetsDoubles() {
        SwarmSettings settings = SwarmSettings.of(Settings.of(Map.of(
                "hosts", List.of("tcp://a:2376", "tcp://b:2376", "tcp://a:2376"), "tls.certPath", "/certificates")));

        assertThat(settings.managers())
                .extracting(DockerConnection::host)
                .containsExactly(URI.create("tcp://a:2376"), URI.create("tcp://b:2376"));
        assertThat(settings.managers()).allMatch(connection -> connection.tls().isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,192.0.2.7:2377",
        "192.0.2.7:4000,192.0.2.7:4000",
        "2001:db8::1,[2001:db8::1]:2377",
        "[2001:db8::1],[2001:db8::1]:2377",
        "[2001:db8::1]:4000,[2001:db8::1]:4000",
    })
    void completesTheAdvertisedAddress(String given, String completed) {
        assertThat(SwarmSettings.of(Settings.of("advertise", given)).advertise())
                .map(ManagerAddress::toString)
                .contains(completed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://192.0.2.7:2377",
                "manager.example.org",
                "manager.example.org:2377",
                "localhost",
                "eth0",
                "192.0.2",
                "192.0.2.7.",
                "192.0.2.256",
                "192.0.2.7:0",
                "192.0.2.7:70000",
                "2001:db8:::1",
                "[manager]:2377",
            })
    void refusesToAdvertiseWhatIsNoAddress(String given) {
        assertThatThrownBy(() -> SwarmSettings.of(Settings.of("advertise", given)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("advertise: must be an IP address, with or without a port, got \"" + given
                        + "\"; a name will not do, since firewalls know addresses only");
    }
}
