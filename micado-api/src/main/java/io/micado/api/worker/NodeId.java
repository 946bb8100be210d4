package io.micado.api.worker;

import java.util.Objects;

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

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
