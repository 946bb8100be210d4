package io.micado.api.scaling;

import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;

/**
 * A kind of policy, found through {@link java.util.ServiceLoader}. An implementation has a public no-argument constructor
 * that does nothing.
 */
public interface ScalingPolicy {

    /** {@return the name by which it is asked for: lower-case letters, digits and dashes} */
    String type();

    /** {@return the settings that it takes} */
    List<SettingKey> settings();

    /**
     * {@return a scaler for one target}
     *
     * @throws io.micado.api.error.ConfigurationException when the settings contradict each other
     */
    Scaler create(Settings settings, PluginContext context);
}
