package io.micado.api.worker;

/**
 * Where a worker is in its life. Immutable.
 *
 * <pre>
 * REQUESTED ─► BOOTING ─► JOINING ─► READY ◄──► CORDONED ◄─► DRAINING ─► LEAVING ─► TERMINATING ─► GONE
 *      └──────────┴───────────┴── timeout, failed, lost (node down, machine vanished) ──►┘
 * </pre>
 *
 * <p>The state is not stored anywhere: it is derived in every pass from the launch intents, the machine that the cloud
 * lists and the node that the orchestrator reports.
 */
public enum WorkerState {
    /** Its launch is intended or asked for; the cloud has not listed it. */
    REQUESTED,
    /** The cloud lists its machine, which does not run yet. */
    BOOTING,
    /** Its machine runs and no node has joined. */
    JOINING,
    /** Its node takes tasks. */
    READY,
    /** Its node keeps its tasks and takes no new ones. */
    CORDONED,
    /** Its node's tasks are being moved away. */
    DRAINING,
    /** No task is left on it; its node is being removed. */
    LEAVING,
    /** It does not answer, or one half of it has vanished. */
    LOST,
    /** Its machine is being deleted. */
    TERMINATING,
    /** Its machine is gone and so is its node. */
    GONE;

    /** {@return whether it has not joined yet, but is expected to} */
    public boolean isArriving() {
        return this == REQUESTED || this == BOOTING || this == JOINING;
    }

    /** {@return whether it counts as capacity, now or soon} */
    public boolean countsAsCapacity() {
        return isArriving() || this == READY;
    }

    /** {@return whether it is on its way out, so that it can still be cancelled} */
    public boolean isDrainingCancellable() {
        return this == CORDONED || this == DRAINING;
    }
}
