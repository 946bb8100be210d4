package io.micado.swarm;

import io.micado.api.spi.Cluster;
import io.micado.api.spi.ContainerOrchestrator;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.Optional;

/**
 * The orchestrator type {@code swarm}: a Docker Swarm, reached through the engines of its managers. Found and opened by
 * the engine's plug-in registry. Stateless.
 */
public final class SwarmOrchestrator implements ContainerOrchestrator {

    /** Does nothing; for {@link java.util.ServiceLoader}. */
    public SwarmOrchestrator() {}

    @Override
    public String type() {
        return "swarm";
    }

    @Override
    public List<SettingKey> settings() {
        return SwarmSettings.keys();
    }

    @Override
    public Cluster open(Settings settings, PluginContext context) {
        SwarmSettings checked = SwarmSettings.of(settings);
        if (context.remoteMachines()) {
            RemoteReach.check(settings, checked);
        }
        return new SwarmCluster(checked, context);
    }

    @Override
    public Optional<String> metricSource() {
        return Optional.of("docker");
    }
}
