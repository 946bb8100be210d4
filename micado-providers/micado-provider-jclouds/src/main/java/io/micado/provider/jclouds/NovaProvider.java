package io.micado.provider.jclouds;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;

/**
 * The cloud {@code nova}: an OpenStack cloud. Found by {@link java.util.ServiceLoader} and called by the engine and the checks of its input, on any
 * thread. Immutable.
 */
public final class NovaProvider implements CloudProvider {
    /** Creates the provider, as {@link java.util.ServiceLoader} does. */
    public NovaProvider() {}

    @Override
    public String type() {
        return "nova";
    }

    @Override
    public List<SettingKey> settings() {
        return NovaSettings.keys();
    }

    @Override
    public List<SettingKey> machineSettings() {
        return NovaMachine.keys();
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        return new NovaCloud(NovaSettings.from(settings), context);
    }
}
