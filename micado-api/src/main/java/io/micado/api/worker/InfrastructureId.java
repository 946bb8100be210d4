package io.micado.api.worker;

import java.util.Objects;

/**
 * The identity of an infrastructure, made once and kept in the cluster: a machine is ours only if it carries this id. Immutable.
 *
 * @param value a random, globally unique string
 */
public record InfrastructureId(String value) implements Comparable<InfrastructureId> {

    /** Checks that it is not blank. */
    public InfrastructureId {
        Objects.requireNonNull(value, "value");
        if (value.isBlank()) {
            throw new IllegalArgumentException("value must not be blank");
        }
    }

    @Override
    public int compareTo(InfrastructureId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
