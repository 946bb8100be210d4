package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time: they neither block others nor stay for ever. */
class SlowClientsTest {
    private static final int THREADS = 4;

    private final Shop shop = new Shop(
            "shop",
            server -> server.token(Secret.of(Shop.TOKEN))
                    .threads(THREADS)
                    .mostStreams(1)
                    .readDeadline(Duration.ofSeconds(2))
                    .answerDeadline(Duration.ofSeconds(2)));
    private final List<Socket> slow = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : slow) {
            socket.close();
        }
        shop.close();
    }

    @Test
    void manyHalfRequestsKeepNobodyWaiting() throws Exception {
        for (int i = 0; i < 2 * THREADS; i++) {
            halfARequest("GET /metrics HTTP/1.1\r\nHost: loc");
        }
        long begun = System.nanoTime();
        assertThat(shop.get("/-/healthy").statusCode()).isEqualTo(200);
        assertThat(secondsSince(begun)).isLessThan(5);
        for (Socket socket : slow) {
            assertIsClosed(socket);
        }
        assertThat(shop.get("/metrics").body()).containsPattern("micado_http_slow_connections_total [1-9]");
    }

    @Test
    void aRequestThatTricklesInIsCutOffThoughItNeverStops() throws Exception {
        Socket socket = halfARequest("GET /metrics HTTP/1.1\r\n");
        long begun = System.nanoTime();
        OutputStream out = socket.getOutputStream();
        while (secondsSince(begun) < 15) {
            try {
                out.write("X: 1\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            } catch (SocketException closed) {
                break;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        assertThat(secondsSince(begun)).isBetween(1.0, 10.0);
    }

    @Test
    void aBodyThatNeverComesIsCutOff() throws Exception {
        Socket socket = halfARequest("POST /api/v1/infrastructures/shop/services HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer " + Shop.TOKEN + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{\"name\"");
        long begun = System.nanoTime();
        assertIsClosed(socket);
        assertThat(secondsSince(begun)).isLessThan(10);
    }

    @Test
    void aStreamThatNobodyReadsIsDroppedAndGivesItsPlaceBack() throws Exception {
        Socket socket = shop.connect();
        slow.add(socket);
        socket.setReceiveBufferSize(4_096);
        stream(socket);
        assertThat(shop.get("/metrics").body()).contains("micado_http_event_streams 1");
        assertThat(shop.send(shop.request("/api/v1/infrastructures/shop/events").header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(503);
        // More than any buffer of the system takes: nobody reads it.
        long begun = System.nanoTime();
        EventLog log = shop.server.shown("shop").events();
        while (shop.get("/metrics").body().contains("micado_http_event_streams 1")) {
            for (int i = 0; i < 500; i++) {
                log.onEvent(new io.micado.api.event.MicadoEvent.Warning(
                        java.time.Instant.EPOCH, "noise", "x".repeat(2_000)));
            }
            assertThat(secondsSince(begun)).isLessThan(15);
        }
        try (Socket next = shop.connect()) {
            stream(next);
            byte[] head = next.getInputStream().readNBytes(15);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private Socket halfARequest(String text) throws IOException {
        Socket socket = shop.connect();
        slow.add(socket);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static void stream(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(("GET /api/v1/infrastructures/shop/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + Shop.TOKEN + "\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void assertIsClosed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
