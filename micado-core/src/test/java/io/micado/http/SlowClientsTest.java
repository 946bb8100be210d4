package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.spi.Secret;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time: they neither block others nor stay for ever. The server's deadlines pass when a test says so. */
class SlowClientsTest {
    private static final int THREADS = 4;
    private static final int STREAMS = 1;
    private static final Duration READ = Duration.ofHours(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final DelaysByHand time = new DelaysByHand();
    private final Shop shop = new Shop(
            "shop",
            server -> server.token(Secret.of(Shop.TOKEN))
                    .threads(THREADS)
                    .mostStreams(STREAMS)
                    .readDeadline(READ)
                    .answerDeadline(ANSWER),
            time);
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
        Shop.until(() -> time.running() == THREADS + STREAMS);
        CompletableFuture<Integer> honest = CompletableFuture.supplyAsync(this::status);
        Shop.until(() -> {
            if (time.pending(RequestThreads.LOOK) > 0) {
                time.advance(RequestThreads.LOOK);
            }
            return honest.isDone();
        });
        assertThat(honest).isCompletedWithValue(200);
        assertThat(time.nanoTime()).as("long before their deadline").isLessThan(READ.toNanos());

        Shop.until(() -> time.pending(ANSWER) == 0);
        Shop.until(() -> {
            time.advance(READ);
            return time.running() == 0;
        });
        for (Socket socket : slow) {
            assertIsClosed(socket);
        }
        assertThat(cutOff()).isEqualTo(2 * THREADS);
    }

    @Test
    void aRequestThatTricklesInIsCutOffThoughItNeverStops() throws Exception {
        Socket socket = halfARequest("GET /metrics HTTP/1.1\r\n");
        Shop.until(() -> time.pending(READ) == 1);
        trickle(socket);
        time.advance(READ.minusMillis(1));
        trickle(socket);
        assertThat(time.running()).isEqualTo(1);
        assertThat(time.pending(READ)).isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        assertIsClosed(socket);
        assertThat(cutOff()).isEqualTo(1);
    }

    @Test
    void aBodyThatNeverComesIsCutOff() throws Exception {
        Socket socket = halfARequest("POST /api/v1/infrastructures/shop/services HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer " + Shop.TOKEN + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{\"name\"");
        Shop.until(() -> time.pending(READ) == 1);
        time.advance(READ);
        assertIsClosed(socket);
        assertThat(cutOff()).isEqualTo(1);
    }

    @Test
    void aStreamThatNobodyReadsIsDroppedAndGivesItsPlaceBack() throws Exception {
        Socket socket = shop.connect();
        slow.add(socket);
        socket.setReceiveBufferSize(4_096);
        stream(socket);
        Shop.until(() -> metrics().contains("micado_http_event_streams 1"));
        assertThat(shop.send(shop.request("/api/v1/infrastructures/shop/events").header("Accept", "text/event-stream"))
                        .statusCode())
                .isEqualTo(503);
        Shop.until(() -> time.running() == 1);
        // In the end more than any buffer of the system takes: nobody reads it.
        EventLog log = shop.server.shown("shop").events();
        Shop.until(() -> {
            for (int i = 0; i < 50; i++) {
                log.onEvent(new MicadoEvent.Warning(Instant.EPOCH, "noise", "x".repeat(20_000)));
            }
            time.advance(ANSWER);
            return time.running() == 0;
        });
        assertThat(cutOff()).isEqualTo(1);
        assertThat(metrics()).contains("micado_http_event_streams 0");
        try (Socket next = shop.connect()) {
            stream(next);
            byte[] head = next.getInputStream().readNBytes(15);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private int status() {
        try {
            return shop.get("/-/healthy").statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String metrics() {
        try {
            return shop.get("/metrics").body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return how many connections were closed because they were too slow} */
    private int cutOff() {
        Matcher counted =
                Pattern.compile("micado_http_slow_connections_total (\\d+)").matcher(metrics());
        assertThat(counted.find()).isTrue();
        return Integer.parseInt(counted.group(1));
    }

    private static void trickle(Socket socket) throws IOException {
        for (int i = 0; i < 10; i++) {
            socket.getOutputStream().write("X: 1\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
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
}
