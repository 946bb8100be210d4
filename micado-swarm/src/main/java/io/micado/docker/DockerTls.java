package io.micado.docker;

import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.SSLConfig;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

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
     * {@return the same for docker-java}
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when a file is missing or cannot be read
     */
    SSLConfig sslConfig() {
        for (String file : FILES) {
            if (!Files.isReadable(certificates.resolve(file))) {
                throw new MicadoException(
                        ErrorKind.CONFIGURATION,
                        "Docker's TLS needs a readable file " + file + " in " + certificates
                                + "; put ca.pem, cert.pem and key.pem there or correct \""
                                + DockerSettings.TLS_CERT_PATH
                                + "\"");
            }
        }
        return new LocalDirectorySSLConfig(certificates.toString());
    }
}
