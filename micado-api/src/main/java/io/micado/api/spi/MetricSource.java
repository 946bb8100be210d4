package io.micado.api.spi;

import java.util.List;

/**
 * A kind of metric source, found through {@link java.util.ServiceLoader}. An implementation has a public no-argument
 * constructor that does nothing.
 */
public interface MetricSource {

    /** {@return the name by which it is asked for, such as {@code docker}} */
    String type();

    /** {@return the settings that it takes} */
    List<SettingKey> settings();

    /**
     * Opens the source. Must not wait for the network.
     *
     * @throws io.micado.api.error.ConfigurationException when the settings contradict each other
     */
    Metrics open(Settings settings, PluginContext context);
}
