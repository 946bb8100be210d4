package io.micado.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that are read piece by piece. */
class BodyReaderTest {
    private static final int BYTES = 3_000_000;

    private HttpServer server;
    private HttpClient client;
    private URI endpoint;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/large", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[10_000];
            Arrays.fill(piece, (byte) 'x');
            try (OutputStream out = exchange.getResponseBody()) {
                for (int sent = 0; sent < BYTES; sent += piece.length) {
                    out.write(piece);
                }
            }
        });
        server.createContext("/refused", exchange -> {
            exchange.sendResponseHeaders(403, 2);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(new byte[] {'n', 'o'});
            }
        });
        server.start();
        endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        client = HttpClient.open(
                HttpOptions.builder(endpoint).maxResponseBytes(1_000).build(), new SystemTimekeeper());
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aLargeAnswerIsReadToItsEndAndKeptNowhere() {
        AtomicLong read = new AtomicLong();
        HttpResponse answer = client.call(HttpRequest.get("/large").reading(body -> {
            byte[] buffer = new byte[4096];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                read.addAndGet(n);
            }
        }));
        assertThat(read).hasValue(BYTES);
        assertThat(answer.text()).isEmpty();
    }

    @Test
    void anAnswerThatTellsOfAFailureIsNotForTheReader() {
        AtomicBoolean read = new AtomicBoolean();
        HttpResponse answer = client.exchange(HttpRequest.get("/refused").reading(body -> read.set(true)));
        assertThat(read).isFalse();
        assertThat(answer.text()).isEqualTo("no");
    }

    @Test
    void aReaderThatGivesUpFailsTheCall() {
        assertThatThrownBy(() -> client.call(HttpRequest.get("/large").reading(body -> {
                    throw new IOException("too much");
                })))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                .hasMessageContaining("too much");
    }
}
