package io.micado.docker;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the body of an engine's answer; called once, on the engine's own thread, while the deadline runs.
 *
 * @param <T> what becomes of it
 */
@FunctionalInterface
public interface EngineAnswer<T> {

    /** {@return what the body holds; the stream is closed by the caller} */
    T read(InputStream body) throws IOException;
}
