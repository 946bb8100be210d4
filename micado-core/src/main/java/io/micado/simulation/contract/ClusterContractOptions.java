package io.micado.simulation.contract;

import io.micado.api.service.ServiceSpec;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * On what {@link ClusterContract} is checked, and what it may do to the cluster. Immutable; made by {@link #builder}.
 *
 * @param timekeeper the clock to wait on
 * @param service what is deployed; must be able to run three replicas beside what runs already, and must not exist
 * @param node a worker node that may be cordoned and drained; empty skips that
 * @param removeNode whether that node may be removed in the end
 * @param rotateToken whether the join token may be replaced
 * @param deadline how long tasks may take to start, stop and move
 * @param poll how often to look meanwhile
 */
public record ClusterContractOptions(
        Timekeeper timekeeper,
        ServiceSpec service,
        Optional<NodeId> node,
        boolean removeNode,
        boolean rotateToken,
        Duration deadline,
        Duration poll) {

    /** Checks that nothing is null. */
    public ClusterContractOptions {
        Objects.requireNonNull(timekeeper, "timekeeper");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(poll, "poll");
    }

    /** Starts options of this clock and this service. */
    public static Builder builder(Timekeeper timekeeper, ServiceSpec service) {
        return new Builder(timekeeper, service);
    }

    /** Collects {@link ClusterContractOptions}. Not thread-safe. */
    public static final class Builder {
        private final Timekeeper timekeeper;
        private final ServiceSpec service;
        private @Nullable NodeId node;
        private boolean removeNode;
        private boolean rotateToken;
        private Duration deadline = Duration.ofMinutes(2);
        private Duration poll = Duration.ofMillis(500);

        private Builder(Timekeeper timekeeper, ServiceSpec service) {
            this.timekeeper = timekeeper;
            this.service = service;
        }

        /** Sets a worker node that may be cordoned and drained; default none. */
        public Builder node(NodeId value) {
            node = value;
            return this;
        }

        /** Allows to remove that node in the end; default false. */
        public Builder removeNode(boolean value) {
            removeNode = value;
            return this;
        }

        /** Allows to replace the join token; default false. */
        public Builder rotateToken(boolean value) {
            rotateToken = value;
            return this;
        }

        /** Sets how long tasks may take to start, stop and move; default 2 min. */
        public Builder deadline(Duration value) {
            deadline = value;
            return this;
        }

        /** Sets how often to look meanwhile; default 500 ms. */
        public Builder poll(Duration value) {
            poll = value;
            return this;
        }

        /** {@return the options} */
        public ClusterContractOptions build() {
            return new ClusterContractOptions(
                    timekeeper, service, Optional.ofNullable(node), removeNode, rotateToken, deadline, poll);
        }
    }
}
