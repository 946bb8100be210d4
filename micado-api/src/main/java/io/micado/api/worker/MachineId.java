package io.micado.api.worker;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cloud's id of a machine. Immutable.
 *
 * @param cloud the name under which the infrastructure knows the cloud
 * @param value the cloud's own id
 */
public record MachineId(String cloud, String value) implements Comparable<MachineId> {

    /** Checks that neither is blank. */
    public MachineId {
        Objects.requireNonNull(cloud, "cloud");
        Objects.requireNonNull(value, "value");
        if (cloud.isBlank() || value.isBlank()) {
            throw new IllegalArgumentException("cloud and value must not be blank");
        }
    }

    // Written out, as is hashCode: these are keys of large maps, and what a record brings is many times slower until it
    // is compiled.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof MachineId id && value.equals(id.value) && cloud.equals(id.cloud));
    }

    @Override
    public int hashCode() {
        return 31 * cloud.hashCode() + value.hashCode();
    }

    @Override
    public int compareTo(MachineId other) {
        int byCloud = cloud.compareTo(other.cloud);
        return byCloud != 0 ? byCloud : value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return cloud + "/" + value;
    }
}
