package io.micado.simulation;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The kind of cloud {@code simulated}: a {@link SimulatedCloud} whose machines join the orchestrator {@code simulated}
 * of the same infrastructure. Found through {@link java.util.ServiceLoader}; immutable.
 */
public final class SimulatedCloudProvider implements CloudProvider {

    /** Does nothing. */
    public SimulatedCloudProvider() {}

    @Override
    public String type() {
        return "simulated";
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.optional(
                        "bootTime", SettingKey.Type.DURATION, "30s", "How long a machine takes to boot, its median."),
                SettingKey.optional(
                        "bootTimeSigma",
                        SettingKey.Type.NUMBER,
                        "0",
                        "How much boot times differ: the standard deviation of their logarithm; 0 for not at all."),
                SettingKey.optional(
                        "joinTime",
                        SettingKey.Type.DURATION,
                        "5s",
                        "How long a running machine takes to join the cluster."),
                SettingKey.optional(
                        "listLag",
                        SettingKey.Type.DURATION,
                        null,
                        "How late a machine shows up in lists, and that the cloud says so; by default none is late, and"
                                + " the cloud says 5 s."),
                SettingKey.optional(
                        "quota",
                        SettingKey.Type.INTEGER,
                        null,
                        "The most machines of the account; default any number."));
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        SharedWorld world = SharedWorld.of(context);
        Duration boot = notNegative(settings, "bootTime", Duration.ofSeconds(30));
        double sigma = settings.number("bootTimeSigma", 0);
        if (!(sigma >= 0 && sigma <= 10)) {
            throw settings.problem("bootTimeSigma", "must be 0 to 10, got " + sigma);
        }
        SimulatedCloud cloud = SimulatedCloud.builder(context.instanceName(), context.timekeeper())
                .effects(world.effects())
                .joins(world::cluster)
                .bootTime(RandomDuration.lognormal(boot, sigma))
                .joinTime(RandomDuration.constant(notNegative(settings, "joinTime", Duration.ofSeconds(5))))
                .listLag(RandomDuration.constant(notNegative(settings, "listLag", Duration.ZERO)))
                .traits(SimulatedCloud.TRAITS.withListLag(
                        notNegative(settings, "listLag", SimulatedCloud.TRAITS.listLag())))
                .build();
        settings.integer("quota").ifPresent(cloud::quota);
        return cloud;
    }

    static Duration notNegative(Settings settings, String key, Duration defaultValue) {
        Duration value = settings.duration(key, defaultValue);
        if (value.isNegative()) {
            throw settings.problem(key, "must be 0 or more, got " + value);
        }
        return value;
    }
}
