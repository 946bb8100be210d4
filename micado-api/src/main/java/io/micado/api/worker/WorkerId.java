package io.micado.api.worker;

import java.util.Objects;

/**
 * The identity of a worker, chosen before it is launched: idempotency token, tag of the machine and label of its engine. Immutable.
 *
 * @param value unique for all time; lower-case letters, digits and dashes, at most 63, fit for a host name
 */
public record WorkerId(String value) implements Comparable<WorkerId> {

    /** Checks that it is not blank. */
    public WorkerId {
        Objects.requireNonNull(value, "value");
        if (value.isBlank()) {
            throw new IllegalArgumentException("value must not be blank");
        }
    }

    @Override
    public int compareTo(WorkerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
