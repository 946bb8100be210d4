package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.docker.DockerException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerErrorsTest {
    private static final URI SOCKET = URI.create("unix:///var/run/docker.sock");
    private static final URI TCP = URI.create("tcp://manager:2376");
    private static final EngineRequest READ = EngineRequest.get("/nodes");
    private static final EngineRequest WRITE = EngineRequest.post("/services/create");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|rpc error: code = InvalidArgument desc = port '80' is already in use by service 'web'|CONFIGURATION",
                "401|unauthorized|AUTHENTICATION",
                "403|authorization denied by plugin|AUTHENTICATION",
                "404|service web not found|NOT_FOUND",
                "409|rpc error: code = AlreadyExists desc = name conflicts|CONFLICT",
                "429|toomanyrequests|RATE_LIMITED",
                "500|rpc error: code = Unknown desc = update out of sequence|CONFLICT",
                "500|rpc error: code = DeadlineExceeded desc = context deadline exceeded|OUTCOME_UNKNOWN",
                "500|invalid join token|INTERNAL",
                "501|not implemented|UNSUPPORTED",
                "502|bad gateway|OUTCOME_UNKNOWN",
                "503|unavailable|OUTCOME_UNKNOWN",
                "503|This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and join another one.|CONFLICT",
            })
    void tellsTheKindOfARefusal(int status, String message, ErrorKind kind) {
        DockerException failure = DockerErrors.refused(SOCKET, WRITE, status, message);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure).hasMessageContaining(message).hasMessageContaining("POST /services/create");
    }

    @Test
    void aReadingThatWasNotAnsweredChangedNothing() {
        assertThat(DockerErrors.refused(SOCKET, READ, 503, "unavailable").kind())
                .isEqualTo(ErrorKind.TRANSIENT);
        assertThat(DockerErrors.failed(TCP, READ, new SocketTimeoutException("Read timed out"))
                        .kind())
                .isEqualTo(ErrorKind.TRANSIENT);
    }

    @Test
    void aConnectionThatBreaksAfterSendingLeavesTheOutcomeUnknown() {
        DockerException failure =
                DockerErrors.failed(TCP, WRITE, new RuntimeException(new SocketException("Connection reset")));

        assertThat(failure.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(failure)
                .hasMessage(
                        "Docker at tcp://manager:2376 broke off POST /services/create: Connection reset; whether it was "
                                + "carried out is unknown");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503|This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.|NO_SWARM|CONFIGURATION|is in no Swarm; run \"docker swarm init\" there, let MiCADO initialise it, or name another host",
                "503|This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.|NOT_A_MANAGER|CONFIGURATION|is in a Swarm but not a manager of it; name a manager of the Swarm instead",
                "503|This node is not part of a swarm|NO_SWARM|CONFIGURATION|is in no Swarm",
                "500|rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.|NO_LEADER|TRANSIENT|too few managers are online; bring more than half of them back",
                "503|Swarm is encrypted and needs to be unlocked before it can be used. Please use \"docker swarm unlock\" to unlock it.|NOT_A_MANAGER|CONFIGURATION|is a locked manager; run \"docker swarm unlock\" there",
            })
    void saysWhyAnEngineIsNoManagerAndWhatToDo(
            int status, String message, Reason reason, ErrorKind kind, String sentence) {
        DockerException failure = DockerErrors.refused(SOCKET, WRITE, status, message);

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(sentence);
        assertThat(failure.worthAnotherManager()).isTrue();
    }

    @Test
    void saysWhoMayNotOpenTheSocket() {
        DockerException failure =
                DockerErrors.failed(SOCKET, WRITE, new RuntimeException(new SocketException("Permission denied")));

        assertThat(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure)
                .hasMessage(
                        "cannot connect to Docker at unix:///var/run/docker.sock: Permission denied; is the Docker Engine "
                                + "running, and may this user (" + System.getProperty("user.name")
                                + ") open the socket? Members of the group \"docker\" usually may");
    }

    @Test
    void isSureThatNothingWasSentWhenThereWasNoConnection() {
        for (IOException cause : new IOException[] {
            new ConnectException("Connection refused"),
            new UnknownHostException("manager"),
            new NoRouteToHostException("No route to host"),
        }) {
            DockerException failure = DockerErrors.failed(TCP, WRITE, new RuntimeException(cause));

            assertThat(failure.kind()).isEqualTo(ErrorKind.TRANSIENT);
            assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failure)
                    .hasMessageStartingWith("cannot connect to Docker at tcp://manager:2376: " + cause.getMessage());
        }
    }

    @Test
    void saysWhichCertificatesToCheck() {
        DockerException failure =
                DockerErrors.failed(TCP, READ, new RuntimeException(new SSLHandshakeException("bad_certificate")));

        assertThat(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure)
                .hasMessageContaining("bad_certificate; check ca.pem, cert.pem and key.pem in \"tls.certPath\"");
    }
}
