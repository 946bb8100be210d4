package io.micado.api.worker;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A group of workers that are made from the same offerings and scaled together. Immutable; made by
 * {@link #builder(String)}.
 */
public final class WorkerPool {
    private final String name;
    private final Bounds bounds;
    private final List<Offering> offerings;
    private final Optional<PolicySpec> policy;
    private final Optional<Behavior> behavior;
    private final Headroom headroom;
    private final Bootstrap bootstrap;
    private final Duration drainDeadline;
    private final Optional<Duration> joinTimeout;
    private final Optional<Integer> disruptionBudget;
    private final Consolidation consolidation;

    private WorkerPool(Builder b) {
        name = b.name;
        bounds = b.bounds;
        offerings = List.copyOf(b.offerings);
        policy = Optional.ofNullable(b.policy);
        behavior = Optional.ofNullable(b.behavior);
        headroom = b.headroom;
        bootstrap = b.bootstrap;
        drainDeadline = b.drainDeadline;
        joinTimeout = Optional.ofNullable(b.joinTimeout);
        disruptionBudget = Optional.ofNullable(b.disruptionBudget);
        consolidation = b.consolidation;
    }

    /** Starts a pool of this name, which is unique in its infrastructure. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return the pool's name} */
    public String name() {
        return name;
    }

    /** {@return the fewest and most workers; default 1 to 10} */
    public Bounds bounds() {
        return bounds;
    }

    /** {@return what can be bought for it, the preferred one first} */
    public List<Offering> offerings() {
        return offerings;
    }

    /** {@return the pool's own policy; empty takes {@code predictive} on its workers' CPU with a target of 60 %} */
    public Optional<PolicySpec> policy() {
        return policy;
    }

    /** {@return tolerance, windows and rates; empty takes the defaults for workers} */
    public Optional<Behavior> behavior() {
        return behavior;
    }

    /** {@return spare capacity that is kept free on purpose; default none} */
    public Headroom headroom() {
        return headroom;
    }

    /** {@return how a machine becomes a worker; default {@link Bootstrap#DEFAULT}} */
    public Bootstrap bootstrap() {
        return bootstrap;
    }

    /** {@return how long tasks may take to leave a worker; default 10 min} */
    public Duration drainDeadline() {
        return drainDeadline;
    }

    /** {@return how long a launched machine may take to join; empty learns it: 15 min, then twice the p99 seen, 2 to 30 min} */
    public Optional<Duration> joinTimeout() {
        return joinTimeout;
    }

    /**
     * {@return the most workers that may be on their way out at once; empty takes 1, or a tenth of the pool; with 0 none is ever sent
     * away, and only what is lost is given up}
     */
    public Optional<Integer> disruptionBudget() {
        return disruptionBudget;
    }

    /** {@return the most workers that may be on their way out at once; 0 also when none is set, which {@link #disruptionBudget} tells} */
    public int maxDisruptedWorkers() {
        return disruptionBudget.orElse(0);
    }

    /** {@return whether workers are replaced by cheaper ones although nothing else asks for a change; default {@link Consolidation#OFF}} */
    public Consolidation consolidation() {
        return consolidation;
    }

    /** {@return a copy with these offerings in place of its own, such as the same ones completed by what the cloud tells} */
    public WorkerPool withOfferings(List<Offering> replacements) {
        Builder copy = copy();
        copy.offerings.clear();
        copy.offerings.addAll(replacements);
        return copy.build();
    }

    /** {@return a copy with this bootstrap} */
    public WorkerPool withBootstrap(Bootstrap replacement) {
        return copy().bootstrap(replacement).build();
    }

    private Builder copy() {
        Builder copy = new Builder(name);
        copy.bounds = bounds;
        copy.offerings.addAll(offerings);
        copy.policy = policy.orElse(null);
        copy.behavior = behavior.orElse(null);
        copy.headroom = headroom;
        copy.bootstrap = bootstrap;
        copy.drainDeadline = drainDeadline;
        copy.joinTimeout = joinTimeout.orElse(null);
        copy.disruptionBudget = disruptionBudget.orElse(null);
        copy.consolidation = consolidation;
        return copy;
    }

    @Override
    public String toString() {
        return "pool " + name + " (" + bounds + " workers of "
                + offerings.stream().map(Offering::name).toList() + ")";
    }

    /** Collects a {@link WorkerPool}. Not thread-safe; may be reused. */
    public static final class Builder {
        private final String name;
        private Bounds bounds = Bounds.of(1, 10);
        private final List<Offering> offerings = new ArrayList<>();
        private @Nullable PolicySpec policy;
        private @Nullable Behavior behavior;
        private Headroom headroom = Headroom.NONE;
        private Bootstrap bootstrap = Bootstrap.DEFAULT;
        private Duration drainDeadline = Duration.ofMinutes(10);
        private @Nullable Duration joinTimeout;
        private @Nullable Integer disruptionBudget;
        private Consolidation consolidation = Consolidation.OFF;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
            if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_-]{0,31}")) {
                throw new IllegalArgumentException(
                        "name must be 1 to 32 letters, digits, '_' or '-', and begin with a letter or digit, got \""
                                + name + "\"");
            }
        }

        /** Sets the fewest and most workers. */
        public Builder between(int min, int max) {
            bounds = Bounds.of(min, max);
            return this;
        }

        /** Adds an offering; the first one added is preferred. */
        public Builder offering(Offering offering) {
            offerings.add(Objects.requireNonNull(offering, "offering"));
            return this;
        }

        /** Adds the offering of a cloud by its instance type. */
        public Builder offering(String cloud, String instanceType, Settings settings) {
            return offering(
                    Offering.builder(cloud, instanceType).settings(settings).build());
        }

        /** Sets the pool's own policy. */
        public Builder policy(PolicySpec value) {
            policy = Objects.requireNonNull(value, "policy");
            return this;
        }

        /** Sets tolerance, windows and rates. */
        public Builder behavior(Behavior value) {
            behavior = Objects.requireNonNull(value, "behavior");
            return this;
        }

        /** Sets the spare capacity that is kept free. */
        public Builder headroom(Headroom value) {
            headroom = Objects.requireNonNull(value, "headroom");
            return this;
        }

        /** Sets how a machine becomes a worker; default {@link Bootstrap#DEFAULT}. */
        public Builder bootstrap(Bootstrap value) {
            bootstrap = Objects.requireNonNull(value, "bootstrap");
            return this;
        }

        /** Sets how long tasks may take to leave a worker. */
        public Builder drainDeadline(Duration value) {
            drainDeadline = positive(value, "drainDeadline");
            return this;
        }

        /** Sets how long a launched machine may take to join. */
        public Builder joinTimeout(Duration value) {
            joinTimeout = positive(value, "joinTimeout");
            return this;
        }

        /**
         * Sets the most workers that may be on their way out at once; default 1, or a tenth of the pool. With 0 none is ever sent away,
         * neither because fewer are wanted nor for cheaper ones: only what is lost is given up.
         */
        public Builder maxDisruptedWorkers(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("maxDisruptedWorkers must be 0 or more, got " + value);
            }
            disruptionBudget = value;
            return this;
        }

        /** Sets whether workers are replaced by cheaper ones although nothing else asks for a change. */
        public Builder consolidation(Consolidation value) {
            consolidation = Objects.requireNonNull(value, "consolidation");
            return this;
        }

        /**
         * {@return the pool}
         *
         * @throws IllegalArgumentException when there is no offering, or two of one name
         */
        public WorkerPool build() {
            if (offerings.isEmpty()) {
                throw new IllegalArgumentException("pool \"" + name + "\": at least one offering is required");
            }
            long names = offerings.stream().map(Offering::name).distinct().count();
            if (names != offerings.size()) {
                throw new IllegalArgumentException("pool \"" + name + "\": offerings must have different names, got "
                        + offerings.stream().map(Offering::name).toList());
            }
            return new WorkerPool(this);
        }

        private static Duration positive(Duration value, String what) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(what + " must be positive, got " + value);
            }
            return value;
        }
    }
}
