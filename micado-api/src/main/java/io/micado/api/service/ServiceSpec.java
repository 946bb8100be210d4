package io.micado.api.service;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A containerised service to deploy, and how it is to be scaled. Immutable; made by {@link #builder(String)}.
 *
 * <p>A service that is deployed through MiCADO reserves what it is limited to, unless a reservation is given: without one
 * the orchestrator packs any number of replicas on a worker and none is ever pending.
 */
public final class ServiceSpec {
    /** The most replicas that a service may be given: 100,000. */
    public static final int MOST_REPLICAS = 100_000;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?");

    private final String name;
    private final String image;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final List<PublishedPort> ports;
    private final Resources limit;
    private final Resources reservation;
    private final List<String> constraints;
    private final Map<String, String> labels;
    private final int initialReplicas;
    private final Bounds bounds;
    private final Optional<PolicySpec> policy;
    private final Optional<Behavior> behavior;
    private final boolean surgeOnDrain;
    private final boolean keepWorker;
    private final boolean openToWorld;
    private final Map<String, String> attributes;

    private ServiceSpec(Builder b) {
        name = b.name;
        image = b.image;
        arguments = List.copyOf(b.arguments);
        environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(b.environment));
        ports = List.copyOf(b.ports);
        limit = b.limit;
        reservation = b.reservation == null ? b.limit : b.reservation;
        constraints = List.copyOf(b.constraints);
        labels = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(b.labels));
        bounds = b.bounds;
        initialReplicas = b.initialReplicas == null ? bounds.clamp(1) : b.initialReplicas;
        policy = Optional.ofNullable(b.policy);
        behavior = Optional.ofNullable(b.behavior);
        surgeOnDrain = b.surgeOnDrain;
        keepWorker = b.keepWorker;
        openToWorld = b.openToWorld;
        attributes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(b.attributes));
    }

    /**
     * Starts a specification.
     *
     * @param name letters, digits, {@code _ . -}, at most 63; unique in the Swarm
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return the service's name} */
    public String name() {
        return name;
    }

    /** {@return the image reference} */
    public String image() {
        return image;
    }

    /** {@return the arguments of the image's entry point} */
    public List<String> arguments() {
        return arguments;
    }

    /** {@return the environment variables, in their order} */
    public Map<String, String> environment() {
        return environment;
    }

    /** {@return the ports that are reachable from outside} */
    public List<PublishedPort> ports() {
        return ports;
    }

    /** {@return what one replica may use at most; zero is no limit} */
    public Resources limit() {
        return limit;
    }

    /** {@return what one replica reserves; default the limit} */
    public Resources reservation() {
        return reservation;
    }

    /** {@return placement constraints in the orchestrator's own syntax, such as {@code node.labels.disk==ssd}} */
    public List<String> constraints() {
        return constraints;
    }

    /** {@return labels of the service, without those that MiCADO adds} */
    public Map<String, String> labels() {
        return labels;
    }

    /** {@return the replicas to start with; default 1 within the bounds} */
    public int initialReplicas() {
        return initialReplicas;
    }

    /** {@return the least and most replicas; default 1 to 10} */
    public Bounds bounds() {
        return bounds;
    }

    /** {@return the policy; empty takes the infrastructure's default} */
    public Optional<PolicySpec> policy() {
        return policy;
    }

    /** {@return tolerance, windows and rates; empty takes the defaults for replicas} */
    public Optional<Behavior> behavior() {
        return behavior;
    }

    /** {@return whether one more replica is started before a drain moves one; default false, always done for a single replica} */
    public boolean surgeOnDrain() {
        return surgeOnDrain;
    }

    /** {@return whether no worker that runs a replica is released; default false} A worker that is lost is repaired all the same. */
    public boolean keepWorker() {
        return keepWorker;
    }

    /**
     * {@return whether the published ports are open to everybody on clouds whose ports MiCADO opens; default true} Otherwise they are open
     * to nobody from outside until somebody opens them by hand.
     */
    public boolean openToWorld() {
        return openToWorld;
    }

    /** {@return what an orchestrator plug-in may take beyond this type} */
    public Map<String, String> attributes() {
        return attributes;
    }

    @Override
    public String toString() {
        // The environment often holds credentials, so it stays out.
        return "service " + name + " (" + image + ", replicas " + bounds + ")";
    }

    /** Collects a {@link ServiceSpec}. Not thread-safe; may be reused. */
    public static final class Builder {
        private final String name;
        private String image = "";
        private List<String> arguments = List.of();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<PublishedPort> ports = new ArrayList<>();
        private Resources limit = Resources.ZERO;
        private @Nullable Resources reservation;
        private final List<String> constraints = new ArrayList<>();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private @Nullable Integer initialReplicas;
        private Bounds bounds = Bounds.of(1, 10);
        private @Nullable PolicySpec policy;
        private @Nullable Behavior behavior;
        private boolean surgeOnDrain;
        private boolean keepWorker;
        private boolean openToWorld = true;
        private final Map<String, String> attributes = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "name must be 1 to 63 letters, digits, '_', '.' or '-', and begin and end "
                                + "with a letter or digit, got \"" + name + "\"");
            }
        }

        /** Sets the image reference; required. */
        public Builder image(String value) {
            image = Objects.requireNonNull(value, "image");
            return this;
        }

        /** Sets the arguments of the image's entry point. */
        public Builder arguments(String... values) {
            arguments = List.of(values);
            return this;
        }

        /** Adds an environment variable. */
        public Builder environment(String key, String value) {
            environment.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Publishes a TCP port through the routing mesh. */
        public Builder publish(int published, int target) {
            return publish(PublishedPort.tcp(published, target));
        }

        /** Publishes a port. */
        public Builder publish(PublishedPort port) {
            ports.add(Objects.requireNonNull(port, "port"));
            return this;
        }

        /** Limits what one replica may use; and reserves as much, unless {@link #reservation} says otherwise. */
        public Builder limit(Resources value) {
            limit = Objects.requireNonNull(value, "limit");
            return this;
        }

        /** Sets what one replica reserves; {@link Resources#ZERO} for nothing in spite of a limit. */
        public Builder reservation(Resources value) {
            reservation = Objects.requireNonNull(value, "reservation");
            return this;
        }

        /** Adds a placement constraint in the orchestrator's own syntax. */
        public Builder constraint(String value) {
            constraints.add(Objects.requireNonNull(value, "constraint"));
            return this;
        }

        /** Adds a label. Names that begin with {@code micado.} are ours. */
        public Builder label(String key, String value) {
            if (key.startsWith("micado.")) {
                throw new IllegalArgumentException(
                        "labels that begin with \"micado.\" are reserved, got \"" + key + "\"");
            }
            labels.put(key, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Sets the replicas to start with. */
        public Builder initialReplicas(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("initialReplicas must be 0 or more, got " + value);
            }
            initialReplicas = value;
            return this;
        }

        /** Sets the least and the most replicas, from 0 to {@value #MOST_REPLICAS}. */
        public Builder replicas(int min, int max) {
            Bounds given = Bounds.of(min, max);
            if (max > MOST_REPLICAS) {
                throw new IllegalArgumentException("max must be " + MOST_REPLICAS + " or less, got " + max);
            }
            bounds = given;
            return this;
        }

        /**
         * Sets the policy. It is written on the service as labels, so that it is known again after a restart; one that is made in code, or has
         * secrets among its settings, is not, and has to be given again then.
         */
        public Builder policy(PolicySpec value) {
            policy = Objects.requireNonNull(value, "policy");
            return this;
        }

        /** Sets tolerance, windows and rates. */
        public Builder behavior(Behavior value) {
            behavior = Objects.requireNonNull(value, "behavior");
            return this;
        }

        /** Asks for one more replica before a drain moves one. */
        public Builder surgeOnDrain(boolean value) {
            surgeOnDrain = value;
            return this;
        }

        /** Keeps workers that run a replica from being released. */
        public Builder keepWorker(boolean value) {
            keepWorker = value;
            return this;
        }

        /** Sets whether the published ports are open to everybody on clouds whose ports MiCADO opens. */
        public Builder openToWorld(boolean value) {
            openToWorld = value;
            return this;
        }

        /** Adds something for the orchestrator plug-in. */
        public Builder attribute(String key, String value) {
            attributes.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * {@return the specification}
         *
         * @throws IllegalArgumentException when the image is blank, the first replicas lie outside the bounds, or the
         *     reservation exceeds the limit
         */
        public ServiceSpec build() {
            if (image.isBlank()) {
                throw new IllegalArgumentException("service \"" + name + "\": image is required");
            }
            if (initialReplicas != null && bounds.clamp(initialReplicas) != initialReplicas) {
                throw new IllegalArgumentException("service \"" + name + "\": initialReplicas must lie within " + bounds
                        + ", got " + initialReplicas);
            }
            if (reservation != null
                    && ((limit.cpuCores() > 0 && reservation.cpuCores() > limit.cpuCores())
                            || (limit.memoryBytes() > 0 && reservation.memoryBytes() > limit.memoryBytes()))) {
                throw new IllegalArgumentException("service \"" + name + "\": the reservation (" + reservation
                        + ") must not exceed the limit (" + limit + ")");
            }
            return new ServiceSpec(this);
        }
    }
}
