package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.spi.Secret;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a key store of the host program's. */
class TlsTest {
    private static final String PASSWORD = "only-for-this-test";

    @TempDir
    static Path directory;

    private static Path keyStore;

    @BeforeAll
    static void makeAKey() throws Exception {
        keyStore = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        keyStore.toString(),
                        "-storepass",
                        PASSWORD,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1,dns:localhost")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    @Test
    void itAnswersThoseWhoTrustItsKeyAndCutsOffSlowHandshakes() throws Exception {
        try (MicadoHttpServer server = MicadoHttpServer.builder()
                .port(0)
                .token(Secret.of(Shop.TOKEN))
                .tls(keyStore, Secret.of(PASSWORD))
                .readDeadline(Duration.ofSeconds(2))
                .build()) {
            server.start();
            assertThat(server.uri().getScheme()).isEqualTo("https");
            HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(server.uri().resolve("/infrastructures/"))
                            .header("Authorization", "Bearer " + Shop.TOKEN)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");

            try (Socket half = new Socket(server.uri().getHost(), server.uri().getPort())) {
                half.setSoTimeout(30_000);
                half.getOutputStream().write(new byte[] {0x16, 3, 1});
                half.getOutputStream().flush();
                assertThat(readAll(half)).isLessThan(100);
            }
        }
    }

    private static int readAll(Socket socket) throws java.io.IOException {
        try (InputStream in = socket.getInputStream()) {
            return in.readAllBytes().length;
        } catch (SocketException reset) {
            return 0;
        }
    }

    @Test
    void aKeyStoreThatCannotBeUsedIsToldWithoutItsPassword() {
        assertThatThrownBy(() -> MicadoHttpServer.builder()
                        .token(Secret.of(Shop.TOKEN))
                        .tls(keyStore, Secret.of("wrong-password"))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tls: the key store " + keyStore + " cannot be used")
                .hasMessageNotContaining("wrong-password");
        assertThatThrownBy(() -> MicadoHttpServer.builder()
                        .token(Secret.of(Shop.TOKEN))
                        .tls(directory.resolve("nothing.p12"), Secret.of(PASSWORD))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing.p12");
    }

    private static SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("mykey"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
