package io.micado.api.config;

/**
 * A format of configuration files, found through {@link java.util.ServiceLoader}. An implementation has a public no-argument
 * constructor that does nothing. The engine reads the files and parses their YAML; a format walks the nodes, on the caller's thread.
 */
public interface ConfigurationFormat {

    /** {@return the name of the format, such as {@code micado-0.3}} */
    String type();

    /**
     * {@return whether a file looks like this format}
     *
     * @param text the file's text, which need not be YAML
     */
    boolean recognises(SourceText text);

    /**
     * {@return what the file describes, and in it {@linkplain InfrastructureDescription#problems() every problem}, each with its place}
     *
     * @param source the file, and how to reach those beside it
     * @throws io.micado.api.error.ConfigurationException when so much is wrong that there is nothing to describe, such as a text
     *     that is not YAML
     */
    InfrastructureDescription read(ConfigurationSource source);
}
