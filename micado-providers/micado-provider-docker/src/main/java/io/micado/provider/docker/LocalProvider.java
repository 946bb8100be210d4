package io.micado.provider.docker;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import java.util.List;

/**
 * The cloud {@code local}: a worker is a container with its own Docker Engine. Found by {@link java.util.ServiceLoader} and called by
 * the engine and the checks of its input, on any thread. Immutable.
 */
public final class LocalProvider implements CloudProvider {
    /** Creates the provider, as {@link java.util.ServiceLoader} does. */
    public LocalProvider() {}

    @Override
    public String type() {
        return "local";
    }

    @Override
    public List<SettingKey> settings() {
        return LocalSettings.keys();
    }

    @Override
    public List<SettingKey> machineSettings() {
        return WorkerSize.keys();
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        LocalSettings local = LocalSettings.from(settings);
        DockerEngine host = DockerEngine.open(local.connection(), context.timekeeper());
        WorkerEngines engines = address -> DockerEngine.open(
                DockerConnection.at(address).withDeadline(local.connection().deadline()), context.timekeeper());
        return new LocalCloud(local, context, host, engines);
    }
}
