package io.micado.api.spi;

import java.nio.file.Path;

/**
 * A format of configuration files, found through {@link java.util.ServiceLoader}. An implementation has a public no-argument
 * constructor that does nothing.
 */
public interface ConfigurationFormat {

    /** {@return the name of the format, such as {@code micado-0.3}} */
    String type();

    /**
     * {@return whether a file looks like this format}
     *
     * @param path the file
     * @param text its text, or the beginning of it
     */
    boolean recognises(Path path, String text);

    /**
     * {@return what the file describes}
     *
     * @param path the file
     * @param text its text
     * @throws io.micado.api.error.ConfigurationException with every problem at once, each with its place
     */
    InfrastructureDescription read(Path path, String text);
}
