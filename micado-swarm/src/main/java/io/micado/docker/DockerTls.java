package io.micado.docker;

import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.SSLConfig;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The certificates by which an engine and we prove ourselves to each other: {@code ca.pem}, {@code cert.pem} and
 * {@code key.pem} in one directory, as the {@code docker} command takes them by {@code DOCKER_CERT_PATH}. Made from settings
 * by {@link DockerSettings} and used by {@link DockerEngine} on any thread. Immutable.
 *
 * @param certificates the directory
 */
public record DockerTls(Path certificates) {
    private static final List<String> FILES = List.of("ca.pem", "cert.pem", "key.pem");

    /** Checks that nothing is null. */
    public DockerTls {
        Objects.requireNonNull(certificates, "certificates");
    }

    /**
     * {@return the same for docker-java, as the files are now}
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when a file is missing or cannot be used
     */
    SSLConfig sslConfig() {
        for (String file : FILES) {
            if (!Files.isReadable(certificates.resolve(file))) {
                throw problem("there is no readable " + file, null);
            }
        }
        try {
            SSLContext context = new LocalDirectorySSLConfig(certificates.toString()).getSSLContext();
            return () -> context;
        } catch (RuntimeException e) {
            throw problem("they cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private MicadoException problem(String what, @Nullable Throwable cause) {
        return new MicadoException(
                ErrorKind.CONFIGURATION,
                "the certificates for Docker in " + certificates + ": " + what
                        + "; put ca.pem, cert.pem and key.pem there, " + "the key without a password, or correct \""
                        + DockerSettings.TLS_CERT_PATH + "\"",
                cause);
    }
}
