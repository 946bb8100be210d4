package io.micado.api.spi;

import java.util.List;

/**
 * A kind of container orchestrator, found through {@link java.util.ServiceLoader}. An implementation has a public no-argument
 * constructor that does nothing.
 */
public interface ContainerOrchestrator {

    /** {@return the name by which it is asked for, such as {@code swarm}} */
    String type();

    /** {@return the settings of a cluster} */
    List<SettingKey> settings();

    /**
     * Opens a cluster. Must not wait for the network; {@link Cluster#start()} does.
     *
     * @throws io.micado.api.error.ConfigurationException when the settings contradict each other
     */
    Cluster open(Settings settings, PluginContext context);
}
