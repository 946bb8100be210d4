package io.micado.api.worker;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The orchestrator's id of a node. Immutable.
 *
 * @param value the id
 */
public record NodeId(String value) implements Comparable<NodeId> {

    /** Checks that it is not blank. */
    public NodeId {
        Objects.requireNonNull(value, "value");
        if (value.isBlank()) {
            throw new IllegalArgumentException("value must not be blank");
        }
    }

    // Written out, as is hashCode: these are keys of large maps, and what a record brings is many times slower until it
    // is compiled.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof NodeId id && value.equals(id.value));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
