package io.micado.api.spi;

import java.util.Optional;

/**
 * Keeps what the engine would like to remember over a restart but may lose. Thread-safe; methods block and are called off
 * the loop thread.
 */
public interface StateStore {

    /** {@return what was saved last under this key; empty when nothing was} */
    Optional<String> load(String key);

    /** Saves text under a key, wholly or not at all. */
    void save(String key, String text);

    /** Deletes what was saved under a key; nothing there is a success. */
    void delete(String key);
}
