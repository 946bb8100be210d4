package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * The load for which the present count was last found to be needed. Used by {@link PredictiveMemory}, so that instances are given
 * back when the load has fallen, and not when only the belief about it has changed. Confined to one thread.
 */
final class Anchor {
    /** How many bytes it takes. */
    static final int BYTES = 8;

    private double load = Double.POSITIVE_INFINITY;

    Anchor() {}

    Anchor(ByteBuffer in) {
        load = in.getDouble();
    }

    void write(ByteBuffer out) {
        out.putDouble(load);
    }

    /** Notes that what runs is needed for this load. */
    void hold(double value) {
        load = value;
    }

    /** {@return that load; infinite before the first} */
    double load() {
        return load;
    }
}
