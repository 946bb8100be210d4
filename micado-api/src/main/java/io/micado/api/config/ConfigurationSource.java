package io.micado.api.config;

import io.micado.api.error.ConfigurationException;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration file as a format reads it, implemented by the engine: bounded in size, depth and number of nodes, whatever the
 * file holds. Confined to one thread.
 */
public interface ConfigurationSource {

    /** {@return where the file is} */
    Path path();

    /** {@return the file's text} */
    SourceText text();

    /**
     * {@return the YAML 1.2 document in a text} Keys that are given twice are told to the problems, and the first one is kept.
     *
     * @param text a file's text, one that was {@linkplain ConfigNode#embedded() embedded} in it, or one that was mended
     * @param problems told of what is wrong without making the rest unreadable
     * @throws ConfigurationException when it is not YAML, or is too deep, or too large
     */
    ConfigNode parse(SourceText text, Problems problems);

    /** {@return the other files that were named with this one; if none was, the YAML files beside it, and in the folder {@code nodes}} */
    List<ConfigurationSource> companions();

    /**
     * {@return a file that this one names}
     *
     * @param relative its path, relative to this file's folder, which it must not leave
     * @throws ConfigurationException when it cannot be read
     */
    ConfigurationSource open(String relative);
}
