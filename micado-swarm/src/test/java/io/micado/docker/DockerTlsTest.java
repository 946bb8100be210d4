package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DockerTlsTest {
    private static final byte[] ANSWER = "{\"ApiVersion\":\"1.41\"}".getBytes(StandardCharsets.UTF_8);

    private final TestCertificates certificates = new TestCertificates();
    private final RealTime time = new RealTime();
    private HttpsServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeCertificates() throws Exception {
        certificates.writeClient(directory);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        time.close();
    }

    @Test
    void talksToAnEngineThatBothSidesTrust() throws Exception {
        URI host = listen(certificates.server("127.0.0.1"));

        try (DockerEngine engine = open(host)) {
            assertThat(engine.json(EngineRequest.get("/version"))
                            .path("ApiVersion")
                            .asText())
                    .isEqualTo("1.41");
            engine.send(EngineRequest.post("/services/create").json(DockerJson.object()));
        }
    }

    @Test
    void refusesAnEngineOfAnotherAuthority() throws Exception {
        URI host = listen(new TestCertificates().server("127.0.0.1"));

        assertRefused(host);
    }

    @Test
    void refusesAnEngineWhoseCertificateNamesAnotherHost() throws Exception {
        URI host = listen(certificates.server("192.0.2.1"));

        assertRefused(host);
    }

    @Test
    void isRefusedWithTheCertificateOfAnotherAuthority() throws Exception {
        URI host = listen(certificates.server("127.0.0.1"));
        new TestCertificates().writeClient(directory);

        assertRefused(host);
    }

    @Test
    void saysWhatIsWrongWithTheKey() throws Exception {
        URI host = listen(certificates.server("127.0.0.1"));
        Files.writeString(directory.resolve("key.pem"), "no key");

        try (DockerEngine engine = open(host)) {
            assertThatThrownBy(engine::info)
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                    .hasMessageContaining("the certificates for Docker in " + directory + ": they cannot be used");
        }
    }

    @Test
    void takesNewCertificatesWithoutBeingOpenedAnew() throws Exception {
        URI host = listen(certificates.server("127.0.0.1"));
        new TestCertificates().writeClient(directory);
        try (DockerEngine engine = open(host)) {
            assertThatThrownBy(engine::info).isInstanceOf(DockerException.class);

            certificates.writeClient(directory);
            assertThat(engine.json(EngineRequest.get("/version"))
                            .path("ApiVersion")
                            .asText())
                    .isEqualTo("1.41");
        }
    }

    private void assertRefused(URI host) {
        try (DockerEngine engine = open(host)) {
            assertThatThrownBy(engine::info)
                    .isInstanceOfSatisfying(
                            DockerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.AUTHENTICATION))
                    .hasMessageContaining("and we do not trust each other")
                    .hasMessageContaining("check ca.pem, cert.pem and key.pem in \"tls.certPath\"");
        }
    }

    private DockerEngine open(URI host) {
        DockerConnection connection =
                new DockerConnection(host, Optional.of(new DockerTls(directory)), false, Duration.ofSeconds(10));
        return DockerEngine.open(connection, time);
    }

    private URI listen(SSLContext context) throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
        return URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
    }
}
