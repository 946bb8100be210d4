package io.micado.simulation;

import io.micado.api.service.TaskState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task of a simulated cluster. Guarded by the lock of its {@link Swarm}. */
final class SimulatedTask {
    final String id;
    final SimulatedService service;
    final int slot;
    final TaskTemplate template;
    final long generation;
    /** The only node that it may run on; null for any. */
    final @Nullable SimulatedNode pinned;

    TaskState.Phase phase = TaskState.Phase.PENDING;

    @Nullable
    SimulatedNode node;
    /** It starts only when this one has ended. */
    @Nullable
    SimulatedTask waitsFor;
    /** It starts no earlier than this, in nanoseconds of the world. */
    long earliestStart;
    /** Since when it does its work, in nanoseconds of the world. */
    long servesSince = Long.MAX_VALUE;
    /** Whether it was stopped because its node is drained. */
    boolean drained;

    private Instant since;
    private TaskState.@Nullable PendingCause pendingCause;
    private String message = "";
    private int stage;
    private @Nullable TaskState view;

    SimulatedTask(String id, SimulatedService service, int slot, @Nullable SimulatedNode pinned, Instant since) {
        this.id = id;
        this.service = service;
        this.slot = slot;
        this.template = service.template;
        this.generation = service.generation;
        this.pinned = pinned;
        this.since = since;
        this.pendingCause = TaskState.PendingCause.OTHER;
    }

    /** Whether the orchestrator wants it: everything but what is shutting down. */
    boolean isWanted() {
        return phase != TaskState.Phase.STOPPING;
    }

    void enter(TaskState.Phase next, Instant when, String why) {
        phase = next;
        since = when;
        message = why;
        pendingCause = null;
        servesSince = Long.MAX_VALUE;
        stage++;
        view = null;
    }

    /** Says why no node was found; tells whether that is news. */
    boolean explain(TaskState.PendingCause cause, String why) {
        if (cause == pendingCause && why.equals(message)) {
            return false;
        }
        pendingCause = cause;
        message = why;
        view = null;
        return true;
    }

    /** Changes whenever the task enters a phase, so that a timer can tell that it came too late. */
    int stage() {
        return stage;
    }

    TaskState view() {
        TaskState current = view;
        if (current == null) {
            boolean hasContainer = phase == TaskState.Phase.RUNNING || phase == TaskState.Phase.STOPPING;
            current = new TaskState(
                    id,
                    service.name,
                    phase,
                    Optional.ofNullable(node).map(n -> n.id),
                    since,
                    hasContainer ? Optional.of("c-" + id) : Optional.empty(),
                    Optional.ofNullable(pendingCause),
                    message);
            view = current;
        }
        return current;
    }
}
