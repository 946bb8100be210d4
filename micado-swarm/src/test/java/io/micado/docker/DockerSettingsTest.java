package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerSettingsTest {

    @Test
    void takesTheLocalEngineWhenNothingIsSaid() {
        DockerConnection connection = connection(Settings.EMPTY, Map.of());

        assertThat(connection.host()).isEqualTo(URI.create("unix:///var/run/docker.sock"));
        assertThat(connection.tls()).isEmpty();
        assertThat(connection.deadline()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void followsTheEnvironmentOfTheDockerCommand() {
        DockerConnection connection = connection(
                Settings.EMPTY, Map.of("DOCKER_HOST", "tcp://manager:2376", "DOCKER_CERT_PATH", "/certificates"));

        assertThat(connection.host()).isEqualTo(URI.create("tcp://manager:2376"));
        assertThat(connection.tls()).contains(new DockerTls(Path.of("/certificates")));
    }

    @Test
    void prefersSettingsToTheEnvironment() {
        DockerConnection connection = connection(
                Settings.of(Map.of("host", "unix:///other.sock", "deadline", "3s")),
                Map.of("DOCKER_HOST", "tcp://manager:2376", "DOCKER_CERT_PATH", "/certificates"));

        assertThat(connection.host()).isEqualTo(URI.create("unix:///other.sock"));
        assertThat(connection.tls()).isEmpty();
        assertThat(connection.deadline()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void refusesTcpWithoutTls() {
        assertThatThrownBy(() -> connection(Settings.of("host", "tcp://manager:2375"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is a TCP address without TLS, which gives whoever reaches the port all rights")
                .hasMessageContaining("\"tls.certPath\"")
                .hasMessageContaining("\"allowPlainTcp\"");
    }

    @Test
    void refusesTcpWhenTlsIsSwitchedOff() {
        Settings settings = Settings.of(
                Map.of("host", "tcp://manager:2376", "tls.certPath", "/certificates", "tls.verify", "false"));

        assertThatThrownBy(() -> connection(settings, Map.of())).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void takesPlainTcpWhereThatIsAllowed() {
        Settings settings = Settings.of(Map.of("host", "tcp://manager:2375", "allowPlainTcp", true));

        assertThat(connection(settings, Map.of()).tls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://user@manager",
                "manager:2376",
                "unix://",
                "tcp://manager",
                "/var/run/docker.sock",
                "not an address"
            })
    void refusesWhatIsNoAddress(String host) {
        assertThatThrownBy(() -> connection(Settings.of("host", host), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(host);
    }

    @Test
    void saysWhichFileOfTheCertificatesIsMissing(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("ca.pem"), "");

        assertThatThrownBy(() -> new DockerTls(directory).sslConfig())
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                .hasMessageStartingWith(
                        "the certificates for Docker in " + directory + ": there is no readable cert.pem; put ");
    }

    private static DockerConnection connection(Settings settings, Map<String, String> environment) {
        return DockerSettings.connection(settings, environment::get);
    }
}
