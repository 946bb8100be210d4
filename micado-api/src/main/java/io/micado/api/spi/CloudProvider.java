package io.micado.api.spi;

import java.util.List;

/**
 * A kind of cloud, found through {@link java.util.ServiceLoader}. An implementation has a public no-argument constructor that
 * does nothing.
 */
public interface CloudProvider {

    /** {@return the name by which it is asked for, such as {@code ec2}} */
    String type();

    /** {@return the settings of an account on this cloud} */
    List<SettingKey> settings();

    /** {@return the settings of one machine, given with an offering; default none} */
    default List<SettingKey> machineSettings() {
        return List.of();
    }

    /**
     * Opens an account on the cloud. Must not wait for the network: what needs one is opened when it is first used.
     *
     * @throws io.micado.api.error.ConfigurationException when the settings contradict each other
     */
    Cloud open(Settings settings, PluginContext context);
}
