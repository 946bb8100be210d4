package io.micado.provider.jclouds;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;

/**
 * The cloud {@code ec2}: Amazon EC2 and what speaks its language. Found by {@link java.util.ServiceLoader} and called by the engine and the checks of
 * its input, on any thread. Immutable.
 */
public final class Ec2Provider implements CloudProvider {
    /** Creates the provider, as {@link java.util.ServiceLoader} does. */
    public Ec2Provider() {}

    @Override
    public String type() {
        return "ec2";
    }

    @Override
    public List<SettingKey> settings() {
        return Ec2Settings.keys();
    }

    @Override
    public List<SettingKey> machineSettings() {
        return Ec2Machine.keys();
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        return new Ec2Cloud(Ec2Settings.from(settings), context);
    }
}
