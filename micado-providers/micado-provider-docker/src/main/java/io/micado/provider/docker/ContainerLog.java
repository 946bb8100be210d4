package io.micado.provider.docker;

import io.micado.api.error.MicadoException;
import io.micado.docker.DockerEngine;
import io.micado.docker.EngineRequest;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads what a container said last, for people who ask why its engine does not come up. Stateless. */
final class ContainerLog {
    private static final int LINES = 5;
    private static final int LONGEST_FRAME = 1 << 20;
    private static final int LONGEST_LINE = 300;

    private ContainerLog() {}

    /** {@return the last line of a container's output; empty when there is none, or when it cannot be read} */
    static Optional<String> lastLine(DockerEngine host, String container) {
        EngineRequest request = EngineRequest.get("/containers/{}/logs", container)
                .query("stdout", true)
                .query("stderr", true)
                .query("tail", LINES);
        try {
            return host.call(request, ContainerLog::lastLine);
        } catch (MicadoException e) {
            return Optional.empty();
        }
    }

    /** The answer consists of frames: one byte for the stream, three of nothing, four for the length, then the text. */
    static Optional<String> lastLine(InputStream frames) throws IOException {
        DataInputStream in = new DataInputStream(frames);
        String last = "";
        while (true) {
            int length;
            try {
                in.readInt();
                length = in.readInt();
            } catch (EOFException e) {
                return last.isEmpty() ? Optional.empty() : Optional.of(last);
            }
            if (length < 0 || length > LONGEST_FRAME) {
                throw new IOException("a frame of " + length + " bytes is none of a container's output");
            }
            String line = new String(in.readNBytes(length), StandardCharsets.UTF_8).strip();
            if (!line.isEmpty()) {
                last = line.length() > LONGEST_LINE ? line.substring(line.length() - LONGEST_LINE) : line;
            }
        }
    }
}
