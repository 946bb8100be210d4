package io.micado.api.spi;

import io.micado.api.time.Timekeeper;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a plug-in is given when it is opened. Immutable; what it holds is thread-safe.
 *
 * @param infrastructure the infrastructure's name, as the user gave it
 * @param instanceName the name under which the infrastructure knows what is being opened, such as the cloud's name
 * @param timekeeper the only clock and source of threads to use
 * @param loggerName the name for the plug-in's logger
 * @param warnings takes what a person should know and need not act on at once; becomes an event
 * @param shared what the plug-ins of this infrastructure share
 * @param remoteMachines whether machines elsewhere, on a cloud that takes user data, are to join the cluster: an address that only this host
 *     reaches will not do then
 */
public record PluginContext(
        String infrastructure,
        String instanceName,
        Timekeeper timekeeper,
        String loggerName,
        Consumer<String> warnings,
        SharedParts shared,
        boolean remoteMachines) {

    /** Makes a context that shares nothing with any other, of an infrastructure without remote machines. */
    public PluginContext(
            String infrastructure,
            String instanceName,
            Timekeeper timekeeper,
            String loggerName,
            Consumer<String> warnings) {
        this(infrastructure, instanceName, timekeeper, loggerName, warnings, new SharedParts(), false);
    }

    /** Checks that nothing is null. */
    public PluginContext {
        Objects.requireNonNull(infrastructure, "infrastructure");
        Objects.requireNonNull(instanceName, "instanceName");
        Objects.requireNonNull(timekeeper, "timekeeper");
        Objects.requireNonNull(loggerName, "loggerName");
        Objects.requireNonNull(warnings, "warnings");
        Objects.requireNonNull(shared, "shared");
    }

    /** {@return the same, with or without remote machines} */
    public PluginContext withRemoteMachines(boolean value) {
        return new PluginContext(infrastructure, instanceName, timekeeper, loggerName, warnings, shared, value);
    }
}
