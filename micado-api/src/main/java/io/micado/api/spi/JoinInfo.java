package io.micado.api.spi;

import java.util.List;
import java.util.Objects;

/**
 * How a machine joins a cluster as a worker. Immutable; shows no secret.
 *
 * @param managers addresses of managers, {@code HOST:PORT}
 * @param token the secret that lets a machine join
 * @param attributes what an orchestrator plug-in tells beyond this type
 */
public record JoinInfo(List<String> managers, Secret token, java.util.Map<String, String> attributes) {

    /** Copies the collections and checks that nothing is null. */
    public JoinInfo {
        managers = List.copyOf(managers);
        Objects.requireNonNull(token, "token");
        attributes = java.util.Map.copyOf(attributes);
    }

    /** {@return how to join at these managers} */
    public static JoinInfo of(List<String> managers, Secret token) {
        return new JoinInfo(managers, token, java.util.Map.of());
    }
}
