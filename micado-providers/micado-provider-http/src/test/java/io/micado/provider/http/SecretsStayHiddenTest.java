package io.micado.provider.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Plants marked secrets, lets the other side quote them, and searches what came out. */
@Isolated("it takes the standard error stream of all")
class SecretsStayHiddenTest {
    private static final String PASSWORD = "pa55word-MARKED-secret";
    private static final String LOGGER = "io.micado.secrets";
    private static final String QUERY = "MARKED-query-value";
    private static final String USER_DATA = "#cloud-config\nruncmd:\n- join --token SWMTKN-MARKED-0123456789\n";

    private final WireMockServer server =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void whateverTheOtherSideQuotes() {
        String pair = Base64.getEncoder().encodeToString(("user:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        String packed = Base64.getEncoder().encodeToString(USER_DATA.getBytes(StandardCharsets.UTF_8));
        server.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(400)
                        .withBody(String.join(
                                " | ", PASSWORD, pair, QUERY, packed, packed.substring(3, 40), USER_DATA))));
        HttpOptions options = HttpOptions.builder(URI.create(server.baseUrl()))
                .credentials(HttpCredentials.basic("user", Secret.of(PASSWORD)))
                .failures(answer -> answer.failure(answer.text()))
                .loggerName(LOGGER)
                .build();
        HttpRequest request = HttpRequest.post("/servers/")
                .query("key", Secret.of(QUERY))
                .body("text/plain", packed)
                .hiding(packed)
                .hiding(USER_DATA);

        System.setProperty("org.slf4j.simpleLogger.log." + LOGGER, "trace");
        StringBuilder out = new StringBuilder();
        PrintStream err = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try (HttpClient client = HttpClient.open(options, new SystemTimekeeper())) {
            out.append(client).append(options).append(request);
            try {
                client.call(request);
            } catch (MicadoException e) {
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                out.append(trace);
            }
            out.append(client.exchange(request));
        } finally {
            System.setErr(err);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("/servers/?key=(secret) -> 400 in ");
        out.append(logged.toString(StandardCharsets.UTF_8));

        assertThat(out.toString())
                .contains("was answered with 400")
                .contains("?key=(secret)")
                .doesNotContain("MARKED")
                .doesNotContain(pair, packed, packed.substring(3, 40));
    }

    @Test
    void cutsLongTextsAndKeepsThemOnOneLine() {
        String clean = new Redaction(List.of("hunter2")).clean("a\n\tb hunter2 " + "x".repeat(1_000));

        assertThat(clean).startsWith("a b (secret) xxx").endsWith("…").hasSizeLessThan(320);
    }
}
