package io.micado.api.worker;

/** Whether a machine runs, and whether it costs. Immutable. */
public enum MachineStatus {
    /** Accepted by the cloud and on its way. */
    PENDING,
    /** Running, as far as the cloud can tell. */
    RUNNING,
    /** Stopped or suspended, but it still exists and may cost. */
    STOPPED,
    /** The cloud says it failed; it still exists and may cost. */
    ERROR,
    /** Being deleted. */
    TERMINATING,
    /** Gone; a cloud may go on listing it for a while. */
    TERMINATED;

    /** {@return whether it exists, so that somebody has to delete it} */
    public boolean exists() {
        return this != TERMINATED;
    }

    /** {@return whether it is or may become able to run tasks} */
    public boolean isUsable() {
        return this == PENDING || this == RUNNING;
    }
}
