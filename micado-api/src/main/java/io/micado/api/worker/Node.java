package io.micado.api.worker;

import io.micado.api.service.Resources;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A node as the orchestrator reports it. Immutable; plug-ins make it by {@link #builder}.
 *
 * @param id the orchestrator's id
 * @param hostname the host's name
 * @param address the address that the manager sees it at; may be empty
 * @param manager whether it is a manager
 * @param status whether it answers
 * @param availability whether it takes tasks
 * @param capacity what it has in all
 * @param labels the node's labels
 * @param engineLabels the labels of its Docker Engine, set where the engine was started
 * @param version the orchestrator's version of it, for compare-and-swap; 0 where there is none
 * @param attributes what a plug-in tells beyond this type
 */
public record Node(
        NodeId id,
        String hostname,
        String address,
        boolean manager,
        Status status,
        Availability availability,
        Resources capacity,
        Map<String, String> labels,
        Map<String, String> engineLabels,
        long version,
        Map<String, String> attributes) {

    /** Whether a node answers. */
    public enum Status {
        /** It answers. */
        READY,
        /** It does not answer; its tasks are started elsewhere. */
        DOWN,
        /** The manager cannot tell, for example just after it was elected. */
        UNKNOWN
    }

    /** Whether a node takes tasks. */
    public enum Availability {
        /** It takes tasks. */
        ACTIVE,
        /** Cordoned: it keeps its tasks and takes no new ones. */
        PAUSE,
        /** Drained: its tasks are moved away. */
        DRAIN
    }

    /** Copies the collections and checks that nothing is null. */
    public Node {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(hostname, "hostname");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(availability, "availability");
        Objects.requireNonNull(capacity, "capacity");
        labels = Map.copyOf(labels);
        engineLabels = Map.copyOf(engineLabels);
        attributes = Map.copyOf(attributes);
    }

    /** {@return the worker that its node label names, else the one that its engine label names} */
    public Optional<WorkerId> workerLabel() {
        String label = labels.getOrDefault(Tags.WORKER, engineLabels.getOrDefault(Tags.WORKER, ""));
        return label.isBlank() ? Optional.empty() : Optional.of(new WorkerId(label));
    }

    /** {@return whether we cordoned or drained it, as opposed to a person} */
    public boolean drainedByUs() {
        return labels.containsKey(Tags.DRAIN_SINCE);
    }

    /** {@return whether it answers and takes tasks} */
    public boolean takesTasks() {
        return status == Status.READY && availability == Availability.ACTIVE;
    }

    /** Starts a ready, active worker node. */
    public static Builder builder(NodeId id) {
        return new Builder(id);
    }

    /** Collects a {@link Node}. Not thread-safe. */
    public static final class Builder {
        private final NodeId id;
        private String hostname = "";
        private String address = "";
        private boolean manager;
        private Status status = Status.READY;
        private Availability availability = Availability.ACTIVE;
        private Resources capacity = Resources.ZERO;
        private Map<String, String> labels = Map.of();
        private Map<String, String> engineLabels = Map.of();
        private long version;
        private Map<String, String> attributes = Map.of();

        private Builder(NodeId id) {
            this.id = id;
        }

        /** Sets the host's name. */
        public Builder hostname(String value) {
            hostname = value;
            return this;
        }

        /** Sets the address that the manager sees. */
        public Builder address(String value) {
            address = value;
            return this;
        }

        /** Sets whether it is a manager. */
        public Builder manager(boolean value) {
            manager = value;
            return this;
        }

        /** Sets whether it answers. */
        public Builder status(Status value) {
            status = value;
            return this;
        }

        /** Sets whether it takes tasks. */
        public Builder availability(Availability value) {
            availability = value;
            return this;
        }

        /** Sets what it has in all. */
        public Builder capacity(Resources value) {
            capacity = value;
            return this;
        }

        /** Sets the node's labels. */
        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        /** Sets the engine's labels. */
        public Builder engineLabels(Map<String, String> value) {
            engineLabels = value;
            return this;
        }

        /** Sets the version for compare-and-swap. */
        public Builder version(long value) {
            version = value;
            return this;
        }

        /** Sets the attributes. */
        public Builder attributes(Map<String, String> value) {
            attributes = value;
            return this;
        }

        /** {@return the node} */
        public Node build() {
            return new Node(
                    id,
                    hostname,
                    address,
                    manager,
                    status,
                    availability,
                    capacity,
                    labels,
                    engineLabels,
                    version,
                    attributes);
        }
    }
}
