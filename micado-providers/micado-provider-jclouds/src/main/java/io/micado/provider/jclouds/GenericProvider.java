package io.micado.provider.jclouds;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;

/**
 * The clouds {@code jclouds:ID}: every one that jclouds' ComputeService serves, by jclouds' id. Found by {@link java.util.ServiceLoader} and called by the
 * engine and the checks of its input, on any thread. Immutable.
 */
public final class GenericProvider implements CloudProvider {
    /** Creates the provider, as {@link java.util.ServiceLoader} does. */
    public GenericProvider() {}

    @Override
    public String type() {
        return "jclouds";
    }

    @Override
    public List<SettingKey> settings() {
        return GenericSettings.keys();
    }

    @Override
    public List<SettingKey> machineSettings() {
        return GenericMachine.keys();
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        return new GenericCloud(GenericSettings.from(settings), context);
    }
}
