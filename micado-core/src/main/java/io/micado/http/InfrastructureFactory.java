package io.micado.http;

import io.micado.Micado;

/**
 * Makes infrastructures that are asked for over HTTP; given by the host program, which decides what may be asked for. Called on the
 * server's threads, by several at a time.
 */
@FunctionalInterface
public interface InfrastructureFactory {

    /**
     * {@return the infrastructure, started or not; the server starts it, shows it, and closes it after it was destroyed over HTTP}
     *
     * @param description what was sent, such as a YAML document
     * @throws io.micado.api.error.MicadoException of kind {@code CONFIGURATION} when the description is wrong
     */
    Micado create(String description);
}
