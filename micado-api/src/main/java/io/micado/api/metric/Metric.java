package io.micado.api.metric;

/** The names of the metrics that every source uses for the same thing; any other name is the user's. Not instantiable. */
public final class Metric {
    /** CPU in use, in cores: of a task, or of a node in all. */
    public static final String CPU = "cpu";
    /** Memory in use without reclaimable cache, in bytes: of a task, or of a node in all. */
    public static final String MEMORY = "memory";
    /** Disk in use, as a share of 0 to 1: of a node. */
    public static final String DISK = "disk";

    private Metric() {}
}
