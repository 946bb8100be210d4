package io.micado.api.worker;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The engine's own bootstrap with settings, for configuration formats, which cannot see the engine: what
 * {@link Bootstrap#configured} makes. The engine puts its own in its place when an infrastructure is built. Immutable.
 *
 * @param settings the settings, as the engine's bootstrap takes them
 */
public record ConfiguredBootstrap(Settings settings) implements Bootstrap {
    /** Checks that nothing is null. */
    public ConfiguredBootstrap {
        Objects.requireNonNull(settings, "settings");
    }

    @Override
    public Optional<Secret> userData(WorkerId worker, Map<String, String> engineLabels, JoinInfo join) {
        return Optional.empty();
    }
}
