package io.micado.api.spi;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Fits user data into what a cloud takes, for cloud plug-ins. Stateless; called on any thread. */
public final class UserData {
    private UserData() {}

    /**
     * {@return the bytes to send} Text that fits is sent as it is; a longer one is compressed by gzip, which cloud-init
     * recognises and unpacks. Encoding for transport, such as Base64, is left to the caller.
     *
     * @param text the user data
     * @param limit the most bytes that the cloud takes
     * @throws MicadoException of kind {@code CONFIGURATION} when it does not fit even compressed
     */
    public static byte[] fit(Secret text, int limit) {
        byte[] plain = text.reveal().getBytes(StandardCharsets.UTF_8);
        if (plain.length <= limit) {
            return plain;
        }
        byte[] packed = gzip(plain);
        if (packed.length <= limit) {
            return packed;
        }
        throw new MicadoException(
                ErrorKind.CONFIGURATION,
                "user data has " + plain.length + " bytes, " + packed.length
                        + " compressed, but this cloud takes at most " + limit
                        + "; make the bootstrap smaller, or put what it installs into the image");
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory cannot fail", e);
        }
        return packed.toByteArray();
    }
}
