package io.micado.simulation;

/**
 * How much of a service's load was served. Immutable.
 *
 * @param offered what was asked for: requests, or core-seconds where the load is given in cores
 * @param served what of it was served
 */
public record ServedWork(double offered, double served) {
    /** Nothing yet. */
    public static final ServedWork NOTHING = new ServedWork(0, 0);

    /** {@return what was not served, never negative} */
    public double unserved() {
        return Math.max(0, offered - served);
    }

    /** {@return the share that was not served, 0 to 1; 0 when nothing was asked for} */
    public double unservedShare() {
        return offered == 0 ? 0 : unserved() / offered;
    }

    /** {@return the sum of both} */
    public ServedWork plus(ServedWork other) {
        return new ServedWork(offered + other.offered, served + other.served);
    }

    /** {@return what came since an earlier reading of the same service} */
    public ServedWork since(ServedWork earlier) {
        return new ServedWork(offered - earlier.offered, served - earlier.served);
    }
}
