package io.micado.provider.monitoring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that shows one page, late or with any date if asked: the JDK's own one always sends the right one. Thread-safe. */
final class FakeExporter implements AutoCloseable {
    volatile String page = "";
    volatile int status = 200;
    volatile Optional<Instant> date = Optional.empty();
    volatile Optional<CountDownLatch> stuck = Optional.empty();
    volatile String authorization = "";

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    FakeExporter() throws IOException {
        threads.execute(this::accept);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket caller = socket.accept();
                threads.execute(() -> answer(caller));
            } catch (IOException e) {
                return; // it was closed
            }
        }
    }

    private void answer(Socket caller) {
        try (caller) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                if (line.startsWith("Authorization: ")) {
                    authorization = line.substring("Authorization: ".length());
                }
                line = in.readLine();
            }
            if (stuck.isPresent()) {
                stuck.get().await();
            }
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            String head = "HTTP/1.1 " + status + " Status\r\nConnection: close\r\nContent-Length: " + body.length
                    + "\r\n"
                    + date.map(now -> "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atZone(ZoneOffset.UTC))
                                    + "\r\n")
                            .orElse("")
                    + "\r\n";
            OutputStream out = caller.getOutputStream();
            out.write(head.getBytes(StandardCharsets.UTF_8));
            out.write(body);
            out.flush();
        } catch (IOException e) {
            return; // the caller has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
