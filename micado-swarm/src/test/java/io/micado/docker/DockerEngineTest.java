package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DockerEngineTest {
    private final RealTime time = new RealTime();

    @AfterEach
    void stopThreads() {
        time.close();
    }

    @Test
    @Timeout(20)
    void answersByItsDeadlineWhenAUnixSocketHangs() throws Exception {
        Path directory = Files.createTempDirectory("micado");
        Path socket = directory.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            try (DockerEngine engine =
                    DockerEngine.open(DockerConnection.atSocket(socket).withDeadline(Duration.ofMillis(200)), time)) {
                assertThatThrownBy(engine::info)
                        .isInstanceOfSatisfying(DockerException.class, e -> {
                            assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT);
                            assertThat(e.reason()).isEqualTo(DockerException.Reason.NO_ANSWER);
                        })
                        .hasMessageContaining("did not answer GET /version within 200 ms");
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(directory);
        }
    }

    @Test
    void saysWhatToDoWhenThereIsNoSocket() {
        try (DockerEngine engine =
                DockerEngine.open(DockerConnection.atSocket(Path.of("/nowhere/docker.sock")), time)) {
            assertThatThrownBy(engine::info)
                    .isInstanceOfSatisfying(
                            DockerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                    .hasMessageStartingWith(
                            "cannot connect to Docker at unix:///nowhere/docker.sock: No such file or directory; "
                                    + "is the Docker Engine running, and may this user (");
        }
    }
}
