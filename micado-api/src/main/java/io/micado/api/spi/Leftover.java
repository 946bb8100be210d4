package io.micado.api.spi;

import java.util.Objects;

/**
 * Something besides a machine that we own on a cloud, and that may cost: a drive, an address, a security group. Immutable.
 *
 * @param cloud the name under which the infrastructure knows the cloud
 * @param kind what it is, in one word
 * @param id the cloud's id
 * @param costs whether it costs while it exists
 * @param inUse whether a machine still needs it, so that it is not to be removed yet
 */
public record Leftover(String cloud, String kind, String id, boolean costs, boolean inUse) {

    /** Checks that nothing is null. */
    public Leftover {
        Objects.requireNonNull(cloud, "cloud");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
    }

    @Override
    public String toString() {
        return kind + " " + cloud + "/" + id;
    }
}
