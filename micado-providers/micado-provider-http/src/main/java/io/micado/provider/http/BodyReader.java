package io.micado.provider.http;

import java.io.IOException;
import java.io.InputStream;

/** Reads an answer that is too large to be kept, see {@link HttpRequest#reading}. */
@FunctionalInterface
public interface BodyReader {

    /**
     * Reads what it needs of the body, unpacked.
     *
     * @throws IOException when the connection breaks, or when there is no point in reading on
     */
    void read(InputStream body) throws IOException;
}
