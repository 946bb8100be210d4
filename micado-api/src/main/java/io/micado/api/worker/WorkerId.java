package io.micado.api.worker;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

    // Written out, as is hashCode: these are keys of large maps, and what a record brings is many times slower until it
    // is compiled.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof WorkerId id && value.equals(id.value));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
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
