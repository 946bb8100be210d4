package io.micado.api.worker;

import io.micado.api.service.Resources;
import java.util.Objects;

/**
 * Spare capacity that a pool keeps free on purpose, so that new replicas need not wait for a worker. Immutable.
 *
 * @param absolute at least this much
 * @param share and at least this share of what is in use, 0 to 1
 */
public record Headroom(Resources absolute, double share) {
    /** No headroom. */
    public static final Headroom NONE = new Headroom(Resources.ZERO, 0);

    /** Checks the ranges. */
    public Headroom {
        Objects.requireNonNull(absolute, "absolute");
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be 0 to 1, got " + share);
        }
    }

    /** {@return a fixed amount} */
    public static Headroom of(Resources absolute) {
        return new Headroom(absolute, 0);
    }

    /** {@return a share of what is in use} */
    public static Headroom ofShare(double share) {
        return new Headroom(Resources.ZERO, share);
    }

    /** {@return how much is to be kept free while this much is in use} */
    public Resources over(Resources inUse) {
        return new Resources(
                Math.max(absolute.cpuCores(), inUse.cpuCores() * share),
                Math.max(absolute.memoryBytes(), (long) (inUse.memoryBytes() * share)));
    }
}
