package io.micado.api.worker;

import java.util.Objects;

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
