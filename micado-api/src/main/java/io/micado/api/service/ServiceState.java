package io.micado.api.service;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A service as the orchestrator reports it. Immutable; plug-ins make it by {@link #builder}.
 *
 * @param name the service's name, which identifies it for MiCADO
 * @param id the orchestrator's own id
 * @param image the image reference
 * @param mode how it runs; only {@link Mode#REPLICATED} is ever scaled
 * @param desiredReplicas what the orchestrator is asked for
 * @param reservation what one replica reserves
 * @param limit what one replica may use at most; zero is no limit
 * @param constraints placement constraints in the orchestrator's syntax
 * @param ports the ports that are reachable from outside
 * @param labels all labels of the service
 * @param version the orchestrator's version of it, for compare-and-swap; 0 where there is none
 * @param updating whether the orchestrator is rolling out a new version now
 * @param maxReplicasPerNode the most replicas on one node; empty is no such limit
 * @param attributes what a plug-in tells beyond this type
 */
public record ServiceState(
        String name,
        String id,
        String image,
        Mode mode,
        int desiredReplicas,
        Resources reservation,
        Resources limit,
        List<String> constraints,
        List<PublishedPort> ports,
        Map<String, String> labels,
        long version,
        boolean updating,
        Optional<Integer> maxReplicasPerNode,
        Map<String, String> attributes) {

    /** How a service runs. */
    public enum Mode {
        /** A wanted number of replicas. */
        REPLICATED,
        /** One on every node. */
        GLOBAL,
        /** Runs to an end. */
        JOB
    }

    /** Copies the collections and checks that nothing is null. */
    public ServiceState {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(reservation, "reservation");
        Objects.requireNonNull(limit, "limit");
        constraints = List.copyOf(constraints);
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        Objects.requireNonNull(maxReplicasPerNode, "maxReplicasPerNode");
        attributes = Map.copyOf(attributes);
    }

    /** Starts the state of a replicated service. */
    public static Builder builder(String name, String id) {
        return new Builder(name, id);
    }

    /** Collects a {@link ServiceState}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final String id;
        private String image = "";
        private Mode mode = Mode.REPLICATED;
        private int desiredReplicas;
        private Resources reservation = Resources.ZERO;
        private Resources limit = Resources.ZERO;
        private List<String> constraints = List.of();
        private List<PublishedPort> ports = List.of();
        private Map<String, String> labels = Map.of();
        private long version;
        private boolean updating;
        private Optional<Integer> maxReplicasPerNode = Optional.empty();
        private Map<String, String> attributes = Map.of();

        private Builder(String name, String id) {
            this.name = name;
            this.id = id;
        }

        /** Sets the image. */
        public Builder image(String value) {
            image = value;
            return this;
        }

        /** Sets how it runs; default replicated. */
        public Builder mode(Mode value) {
            mode = value;
            return this;
        }

        /** Sets the desired replicas. */
        public Builder desiredReplicas(int value) {
            desiredReplicas = value;
            return this;
        }

        /** Sets what one replica reserves. */
        public Builder reservation(Resources value) {
            reservation = value;
            return this;
        }

        /** Sets what one replica may use at most. */
        public Builder limit(Resources value) {
            limit = value;
            return this;
        }

        /** Sets the placement constraints. */
        public Builder constraints(List<String> value) {
            constraints = value;
            return this;
        }

        /** Sets the published ports. */
        public Builder ports(List<PublishedPort> value) {
            ports = value;
            return this;
        }

        /** Sets the labels. */
        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        /** Sets the version for compare-and-swap. */
        public Builder version(long value) {
            version = value;
            return this;
        }

        /** Sets whether a roll-out is going on. */
        public Builder updating(boolean value) {
            updating = value;
            return this;
        }

        /** Sets the most replicas on one node. */
        public Builder maxReplicasPerNode(int value) {
            maxReplicasPerNode = Optional.of(value);
            return this;
        }

        /** Sets the attributes. */
        public Builder attributes(Map<String, String> value) {
            attributes = value;
            return this;
        }

        /** {@return the state} */
        public ServiceState build() {
            return new ServiceState(
                    name,
                    id,
                    image,
                    mode,
                    desiredReplicas,
                    reservation,
                    limit,
                    constraints,
                    ports,
                    labels,
                    version,
                    updating,
                    maxReplicasPerNode,
                    attributes);
        }
    }
}
