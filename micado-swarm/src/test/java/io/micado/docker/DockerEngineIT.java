package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresDocker
@Timeout(120)
class DockerEngineIT {
    private static final String NAME = "micado-docker-it";

    private final RealTime time = new RealTime();
    private final DockerEngine engine = DockerEngine.open(RealDocker.connection(), time);

    @AfterEach
    void cleanUp() {
        engine.containers().remove(NAME);
        engine.close();
        time.close();
    }

    @Test
    void livesThroughTheLifeOfAContainer() throws IOException {
        Containers containers = engine.containers();
        String id = containers.create(NAME, body("sh", "-c", "cat /tmp/greeting; exec sleep 1000"));
        containers.putArchive(id, "/tmp", new ByteArrayInputStream(tar("greeting", "hello")));
        containers.start(id);
        containers.start(id);

        ObjectNode running = containers.inspect(NAME);
        assertThat(running.path("State").path("Running").asBoolean()).isTrue();
        assertThat(running.path("HostConfig").path("Memory").asLong()).isEqualTo(64L << 20);
        assertThat(containers.list(Map.of("micado.test", "it")))
                .extracting(json -> json.path("Id").asText())
                .containsExactly(id);
        assertThat(containers.list(Map.of("micado.test", "other"))).isEmpty();
        assertThatThrownBy(() -> containers.create(NAME, body("true")))
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT));

        containers.stop(id, Duration.ZERO);
        containers.stop(id, Duration.ZERO);
        assertThat(containers.inspect(id).path("State").path("Running").asBoolean())
                .isFalse();
        containers.remove(id);
        containers.remove(id);
        assertThatThrownBy(() -> containers.inspect(id))
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    }

    @Test
    void copiesAnImage() {
        engine.images().copyTo(engine, RealDocker.IMAGE, Duration.ofMinutes(1));

        assertThat(engine.images().exists(RealDocker.IMAGE)).isTrue();
        assertThatThrownBy(() -> engine.images().copyTo(engine, "micado/none:1", Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    }

    @Test
    void knowsTheHostsAddressOnTheBridge() {
        assertThat(engine.networkGateway("bridge").orElse("")).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void leavingASwarmThatItIsNotInIsASuccess() {
        engine.swarm().leave(true);

        assertThat(engine.swarm().state().path("LocalNodeState").asText()).isEqualTo("inactive");
    }

    @Test
    void doesNotShowTheTokenWhenJoiningFails() {
        JoinInfo nowhere = JoinInfo.of(List.of("127.0.0.1:1"), Secret.of("SWMTKN-1-not-a-token"));

        assertThatThrownBy(() -> engine.swarm().join(nowhere))
                .isInstanceOf(DockerException.class)
                .hasMessageContaining("refused POST /swarm/join")
                .hasMessageNotContaining("SWMTKN");
    }

    @Test
    void aDeadlineInTheMiddleOfALongAnswerHolds() {
        // The event stream never ends by itself.
        assertThatThrownBy(() -> engine.json(EngineRequest.get("/events").within(Duration.ofMillis(300))))
                .hasMessageContaining("did not answer GET /events within 300 ms");
        assertThat(engine.info().path("ID").asText()).isNotEmpty();
    }

    private static ObjectNode body(String... command) {
        ObjectNode body = DockerJson.object();
        body.put("Image", RealDocker.IMAGE);
        List.of(command).forEach(body.putArray("Cmd")::add);
        body.putObject("Labels").put("micado.test", "it");
        body.putObject("HostConfig").put("Memory", 64L << 20);
        return body;
    }

    private static byte[] tar(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }
}
