package io.micado.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A unix socket that accepts, sends a fixed beginning of an answer and then nothing more. Thread-safe. It counts
 * connections that the other side has closed.
 */
final class HangingSocket implements AutoCloseable {
    private final Path directory = Files.createTempDirectory("micado");
    private final Path socket = directory.resolve("s");
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final List<SocketChannel> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger closedByPeer = new AtomicInteger();

    HangingSocket(String beginning) throws IOException {
        server.bind(UnixDomainSocketAddress.of(socket));
        daemon(() -> accept(beginning));
    }

    Path path() {
        return socket;
    }

    int accepted() {
        return accepted.size();
    }

    int closedByPeer() {
        return closedByPeer.get();
    }

    private void accept(String beginning) {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                accepted.add(channel);
                daemon(() -> hold(channel, beginning));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void hold(SocketChannel channel, String beginning) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            boolean sent = beginning.isEmpty();
            while (channel.read(buffer) >= 0) {
                buffer.clear();
                if (!sent) {
                    channel.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.US_ASCII)));
                    sent = true;
                }
            }
            closedByPeer.incrementAndGet();
        } catch (IOException e) {
            closedByPeer.incrementAndGet();
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "hanging socket");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel channel : accepted) {
            channel.close();
        }
        Files.deleteIfExists(socket);
        Files.delete(directory);
    }
}
