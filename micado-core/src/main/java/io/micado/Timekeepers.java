package io.micado;

import io.micado.api.time.Timekeeper;
import io.micado.internal.loop.SystemTimekeeper;

/**
 * The real clock, for those who call a plug-in outside of an infrastructure, such as a plug-in's own tests against a real cloud.
 * Any thread may call it. An infrastructure brings its own; virtual time is {@code io.micado.simulation.VirtualTime}.
 */
public final class Timekeepers {
    private Timekeepers() {}

    /** {@return a new timekeeper over the JDK's clocks, timers and daemon threads, which end when idle} */
    public static Timekeeper system() {
        return new SystemTimekeeper();
    }
}
