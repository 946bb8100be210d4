package io.micado.api.service;

import io.micado.api.worker.NodeId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One scheduled copy of a service that the orchestrator wants to run, or that still runs. Tasks that have ended are left
 * out by the orchestrator plug-in. Immutable.
 *
 * @param id the orchestrator's id of the task
 * @param service the service's name
 * @param phase how far it is
 * @param node where it is placed; empty while it is pending
 * @param since when it entered the phase, on the orchestrator's clock
 * @param containerId the container's id on its node's engine; empty before it is made
 * @param pending why it is not placed; empty unless the phase is {@link Phase#PENDING}
 * @param message the orchestrator's own words, for people; may be empty
 */
public record TaskState(
        String id,
        String service,
        Phase phase,
        Optional<NodeId> node,
        Instant since,
        Optional<String> containerId,
        Optional<PendingCause> pending,
        String message) {

    /** How far a task is. */
    public enum Phase {
        /** No node has been found for it. */
        PENDING,
        /** Placed and on its way: image pulled, container made. */
        STARTING,
        /** Running. */
        RUNNING,
        /** Shutting down, but it still runs. */
        STOPPING,
        /** Its last copy failed and the orchestrator will start another. */
        FAILED
    }

    /** Why a task is not placed. */
    public enum PendingCause {
        /** No node has enough unreserved CPU, memory or generic resources: more workers help. */
        INSUFFICIENT_RESOURCES,
        /** Nodes have room, but none satisfies the placement constraints. */
        CONSTRAINTS,
        /** The published host port is taken on every fitting node. */
        PORT_TAKEN,
        /** The most replicas a node is reached on every fitting node. */
        MAX_REPLICAS_PER_NODE,
        /** No node of the needed platform or with the needed plug-in. */
        UNSUPPORTED_PLATFORM,
        /** No node takes tasks at all. */
        NO_NODES,
        /** Something else; see the message. */
        OTHER
    }

    /** Checks that nothing is null. */
    public TaskState {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(containerId, "containerId");
        Objects.requireNonNull(pending, "pending");
        Objects.requireNonNull(message, "message");
    }

    /** {@return a task that runs, or is on its way, on a node} */
    public static TaskState placed(
            String id, String service, Phase phase, NodeId node, Instant since, @Nullable String containerId) {
        return new TaskState(
                id, service, phase, Optional.of(node), since, Optional.ofNullable(containerId), Optional.empty(), "");
    }

    /** {@return a task that waits for a node} */
    public static TaskState pending(String id, String service, Instant since, PendingCause cause, String message) {
        return new TaskState(
                id, service, Phase.PENDING, Optional.empty(), since, Optional.empty(), Optional.of(cause), message);
    }

    /** {@return whether it occupies its node: placed, and not yet gone} */
    public boolean occupiesNode() {
        return node.isPresent() && phase != Phase.FAILED;
    }
}
