package io.micado.telemetry;

/**
 * Numbers of one name, which differ by their labels. Immutable.
 *
 * @param name the name that Prometheus knows it by
 * @param kind whether it only grows
 * @param help what it is, for people
 */
public record Family(String name, Kind kind, String help) {

    /** How a number goes. */
    public enum Kind {
        /** Up and down. */
        GAUGE,
        /** Up only, from the start of the program on. */
        COUNTER
    }

    static Family gauge(String name, String help) {
        return new Family("micado_" + name, Kind.GAUGE, help);
    }

    static Family counter(String name, String help) {
        return new Family("micado_" + name + "_total", Kind.COUNTER, help);
    }
}
