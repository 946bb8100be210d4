package io.micado.simulation;

import io.micado.api.spi.Cluster;
import io.micado.api.spi.ContainerOrchestrator;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The orchestrator {@code simulated}: a {@link SimulatedCluster} that machines of the clouds {@code simulated} of the
 * same infrastructure join. Found through {@link java.util.ServiceLoader}; immutable.
 */
public final class SimulatedOrchestrator implements ContainerOrchestrator {

    /** Does nothing. */
    public SimulatedOrchestrator() {}

    @Override
    public String type() {
        return "simulated";
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.optional("taskStart", SettingKey.Type.DURATION, "2s", "How long a task takes to start."),
                SettingKey.optional("taskStop", SettingKey.Type.DURATION, "1s", "How long a task takes to stop."),
                SettingKey.optional(
                        "managerRunsTasks",
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether the manager runs tasks of services."));
    }

    @Override
    public Cluster open(Settings settings, PluginContext context) {
        SharedWorld world = SharedWorld.of(context);
        SimulatedCluster cluster = SimulatedCluster.builder(context.timekeeper())
                .id(context.infrastructure())
                .effects(world.effects())
                .taskStart(RandomDuration.constant(
                        SimulatedCloudProvider.notNegative(settings, "taskStart", Duration.ofSeconds(2))))
                .taskStop(RandomDuration.constant(
                        SimulatedCloudProvider.notNegative(settings, "taskStop", Duration.ofSeconds(1))))
                .managerRunsTasks(settings.bool("managerRunsTasks", false))
                .build();
        world.cluster(cluster);
        return cluster;
    }

    @Override
    public Optional<String> metricSource() {
        return Optional.of("simulated");
    }
}
