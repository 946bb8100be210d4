package io.micado.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private HttpsServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new AsksForCertificates(serverContext()));
        server.createContext("/", exchange -> {
            clients.add(client((HttpsExchange) exchange));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void refusesAnAuthorityThatNobodyTrusts() {
        try (HttpClient client = open(HttpOptions.builder(endpoint("localhost")))) {
            assertThatThrownBy(() -> client.call(HttpRequest.post("/")))
                    .hasMessageContaining("was not sent: TLS failed")
                    .hasMessageContaining("tls.caFile")
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT));
        }
        assertThat(clients).isEmpty();
    }

    @Test
    void trustsTheAuthorityThatItIsGiven() {
        try (HttpClient client = open(HttpOptions.builder(endpoint("localhost")).trust(pem("ca")))) {
            client.call(HttpRequest.get("/"));
        }
        assertThat(clients).containsExactly("nobody");
    }

    @Test
    void refusesACertificateOfAnotherHost() {
        try (HttpClient client = open(HttpOptions.builder(endpoint("127.0.0.2")).trust(pem("ca")))) {
            assertThatThrownBy(() -> client.call(HttpRequest.get("/"))).hasMessageContaining("was not sent");
        }
        assertThat(clients).isEmpty();
    }

    @Test
    void provesItselfByACertificate() {
        try (HttpClient client =
                open(HttpOptions.builder(endpoint("localhost")).trust(pem("ca")).identity(pem("client")))) {
            client.call(HttpRequest.get("/"));
        }
        assertThat(clients).containsExactly("CN=A User,O=Test");
    }

    @Test
    void provesItselfByAProxyCertificateWithItsChain() {
        try (HttpClient client =
                open(HttpOptions.builder(endpoint("localhost")).trust(pem("ca")).identity(pem("proxy")))) {
            client.call(HttpRequest.get("/"));
        }
        assertThat(clients).containsExactly("CN=12345,CN=A User,O=Test < CN=A User,O=Test");
    }

    @Test
    void readsARenewedCertificateAnew(@TempDir Path directory) throws IOException {
        Path file = Files.copy(resource("client"), directory.resolve("identity.pem"));
        try (HttpClient client =
                open(HttpOptions.builder(endpoint("localhost")).trust(pem("ca")).identity(Secret.file(file)))) {
            client.call(HttpRequest.get("/"));
            Files.copy(resource("proxy"), file, StandardCopyOption.REPLACE_EXISTING);
            client.call(HttpRequest.get("/"));
        }
        assertThat(clients).containsExactly("CN=A User,O=Test", "CN=12345,CN=A User,O=Test < CN=A User,O=Test");
    }

    @Test
    void saysWhatIsWrongWithACertificateFile() {
        assertUnreadable(pem("ca"), "holds no private key");
        assertUnreadable(pem("sec1"), "openssl pkcs8 -topk8");
        assertUnreadable(Secret.of("MARKED"), "holds no certificate");
        assertUnreadable(
                Secret.of("-----BEGIN CERTIFICATE-----\nTUFSS0VE\n-----END CERTIFICATE-----\n"), "cannot be read");
        assertUnreadable(Secret.file(Path.of("no-such-file.pem")), "cannot be read");
    }

    private void assertUnreadable(Secret identity, String why) {
        try (HttpClient client = open(HttpOptions.builder(endpoint("localhost")).identity(identity))) {
            assertThatThrownBy(() -> client.call(HttpRequest.get("/")))
                    .hasMessageContaining(why)
                    .hasMessageNotContaining("MARKED")
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION));
        }
    }

    private static HttpClient open(HttpOptions.Builder options) {
        return HttpClient.open(options.build(), new SystemTimekeeper());
    }

    private URI endpoint(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort());
    }

    private static Secret pem(String name) {
        return Secret.file(resource(name));
    }

    private static Path resource(String name) {
        try {
            return Path.of(TlsTest.class.getResource("/tls/" + name + ".pem").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String client(HttpsExchange exchange) {
        try {
            StringBuilder chain = new StringBuilder();
            for (var certificate : exchange.getSSLSession().getPeerCertificates()) {
                chain.append(chain.isEmpty() ? "" : " < ")
                        .append(((X509Certificate) certificate)
                                .getSubjectX500Principal()
                                .getName());
            }
            return chain.toString();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private static SSLContext serverContext() throws Exception {
        char[] password = "password".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = TlsTest.class.getResourceAsStream("/tls/server.p12")) {
            keys.load(in, password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), new TrustManager[] {new TakesEveryClient()}, null);
        return context;
    }

    private static final class AsksForCertificates extends HttpsConfigurator {
        private AsksForCertificates(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
        }
    }

    /** The server's side: which clients are acceptable is not what is tested. */
    private static final class TakesEveryClient implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
