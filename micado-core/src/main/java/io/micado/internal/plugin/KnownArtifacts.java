package io.micado.internal.plugin;

import io.micado.api.config.Nearest;
import java.util.Map;
import java.util.Optional;

/** Knows which of the project's own artifacts brings which plug-in, for error messages. Not instantiable. */
final class KnownArtifacts {
    private static final Map<String, String> BY_TYPE = Map.ofEntries(
            Map.entry("swarm", "io.micado:micado-swarm"),
            Map.entry("docker", "io.micado:micado-swarm"),
            Map.entry("local", "io.micado:micado-provider-docker"),
            Map.entry("ec2", "io.micado:micado-provider-jclouds"),
            Map.entry("nova", "io.micado:micado-provider-jclouds"),
            Map.entry("jclouds", "io.micado:micado-provider-jclouds"),
            Map.entry("cloudsigma", "io.micado:micado-provider-rest"),
            Map.entry("cloudbroker", "io.micado:micado-provider-rest"),
            Map.entry("occi", "io.micado:micado-provider-rest"),
            Map.entry("prometheus", "io.micado:micado-provider-monitoring"),
            Map.entry("exporters", "io.micado:micado-provider-monitoring"),
            Map.entry("consul", "io.micado:micado-provider-monitoring"),
            Map.entry("micado-0.3", "io.micado:micado-provider-occopus"),
            Map.entry("occopus", "io.micado:micado-provider-occopus"));

    private KnownArtifacts() {}

    /** {@return the known type that a mistyped one was probably meant to be} */
    static Optional<String> typeNear(String type) {
        return Nearest.of(type, BY_TYPE.keySet());
    }

    static Optional<String> bringing(String type) {
        return Optional.ofNullable(BY_TYPE.get(type))
                .or(() -> Optional.ofNullable(BY_TYPE.get(type.replaceFirst(":.*", ""))));
    }
}
