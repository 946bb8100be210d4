package io.micado.simulation;

import io.micado.api.spi.PluginContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The simulated parts of one infrastructure that were opened as plug-ins, in any order. Thread-safe. */
final class SharedWorld {
    private final Effects effects = new Effects();
    private @Nullable SimulatedCluster cluster;

    private SharedWorld() {}

    static SharedWorld of(PluginContext context) {
        return context.shared().get(SharedWorld.class, SharedWorld::new);
    }

    Effects effects() {
        return effects;
    }

    synchronized void cluster(SimulatedCluster opened) {
        cluster = opened;
    }

    /** The cluster; empty while none was opened. */
    synchronized Optional<SimulatedCluster> cluster() {
        return Optional.ofNullable(cluster);
    }
}
