package io.micado.api.spi;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A few small records in the cluster itself, each changed only by who saw its latest version: the base of identity, lease
 * and launch intents. Replicated as well as the cluster is. Thread-safe; methods block.
 */
public interface CoordinationStore {

    /** {@return the record of this name; empty when there is none} */
    Optional<Versioned> read(String name);

    /**
     * Makes a record.
     *
     * @throws io.micado.api.error.MicadoException of kind {@code CONFLICT} when there is one of that name
     */
    Versioned create(String name, Map<String, String> values);

    /**
     * Replaces all values of a record.
     *
     * @throws io.micado.api.error.MicadoException of kind {@code CONFLICT} when its version is not the given one any more, or
     *     {@code NOT_FOUND} when it is gone
     */
    Versioned update(String name, Versioned seen, Map<String, String> values);

    /** Deletes a record; none of that name is a success. */
    void delete(String name);

    /**
     * A record at one version.
     *
     * @param version the store's version, meaningful to the store only
     * @param values the values
     */
    record Versioned(String version, Map<String, String> values) {
        /** Copies the values. */
        public Versioned {
            Objects.requireNonNull(version, "version");
            values = Map.copyOf(values);
        }
    }
}
