package io.micado.api.spi;

import java.util.List;
import java.util.Optional;

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

    /**
     * {@return the type of the metric source that goes with it, used when the user names none; it is given those of the
     * orchestrator's settings that it takes}. Default none.
     */
    default Optional<String> metricSource() {
        return Optional.empty();
    }
}
