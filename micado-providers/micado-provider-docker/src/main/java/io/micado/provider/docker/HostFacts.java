package io.micado.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.service.Resources;
import io.micado.docker.DockerEngine;
import org.jspecify.annotations.Nullable;

/**
 * What the host engine says about its machine, asked once: size and version. Used by {@link LocalCloud} and its helpers. Thread-safe.
 */
final class HostFacts {
    private final DockerEngine host;
    private volatile @Nullable JsonNode info;

    HostFacts(DockerEngine host) {
        this.host = host;
    }

    /** {@return the size of the machine} */
    Resources capacity() {
        JsonNode known = info();
        return Resources.of(
                Math.max(0, known.path("NCPU").asDouble()),
                Math.max(0, known.path("MemTotal").asLong()));
    }

    /** {@return the engine's version without its patch, such as {@code 20.10}; empty when it has another form} */
    String majorMinor() {
        String[] parts = info().path("ServerVersion").asText("").split("\\.", 3);
        boolean numbers = parts.length >= 2 && parts[0].matches("\\d+") && parts[1].matches("\\d+");
        return numbers ? parts[0] + "." + parts[1] : "";
    }

    private JsonNode info() {
        JsonNode known = info;
        if (known == null) {
            known = host.info();
            info = known;
        }
        return known;
    }
}
