package io.micado.api.worker;

import io.micado.api.service.Resources;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A machine as its cloud reports it. Immutable; plug-ins make it by {@link #builder}.
 *
 * @param id the cloud's id
 * @param status whether it runs and whether it costs
 * @param name its instance or host name; may be empty
 * @param worker the worker that it was launched as; empty when the cloud has not (yet) told
 * @param pool the pool that it was launched for; empty when the cloud has not (yet) told
 * @param instanceType what was bought, in the cloud's words; may be empty
 * @param addresses its addresses, private ones first
 * @param capacity what it has; empty when the cloud does not tell
 * @param engine the address of its Docker Engine, where the cloud itself knows it
 * @param launchedAt when the cloud says it was launched, on the cloud's clock
 * @param failure why it failed, where the cloud tells; on a machine in {@link MachineStatus#ERROR}, and on one that has ended by itself
 * @param tags all tags
 * @param attributes what a plug-in tells beyond this type
 */
public record Machine(
        MachineId id,
        MachineStatus status,
        String name,
        Optional<WorkerId> worker,
        Optional<String> pool,
        String instanceType,
        List<String> addresses,
        Optional<Resources> capacity,
        Optional<URI> engine,
        Optional<Instant> launchedAt,
        Optional<MachineFailure> failure,
        Map<String, String> tags,
        Map<String, String> attributes) {

    /** Copies the collections and checks that nothing is null. */
    public Machine {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(instanceType, "instanceType");
        addresses = List.copyOf(addresses);
        Objects.requireNonNull(capacity, "capacity");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(launchedAt, "launchedAt");
        Objects.requireNonNull(failure, "failure");
        tags = Map.copyOf(tags);
        attributes = Map.copyOf(attributes);
    }

    /** Starts a machine. */
    public static Builder builder(MachineId id, MachineStatus status) {
        return new Builder(id, status);
    }

    /** Collects a {@link Machine}. Not thread-safe. */
    public static final class Builder {
        private final MachineId id;
        private final MachineStatus status;
        private String name = "";
        private @Nullable WorkerId worker;
        private @Nullable String pool;
        private String instanceType = "";
        private List<String> addresses = List.of();
        private @Nullable Resources capacity;
        private @Nullable URI engine;
        private @Nullable Instant launchedAt;
        private @Nullable MachineFailure failure;
        private Map<String, String> tags = Map.of();
        private Map<String, String> attributes = Map.of();

        private Builder(MachineId id, MachineStatus status) {
            this.id = id;
            this.status = status;
        }

        /** Sets the instance or host name. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /**
         * Sets the tags, and reads worker and pool from {@link Tags#WORKER} and {@link Tags#POOL} unless they were set before.
         */
        public Builder tags(Map<String, String> value) {
            tags = value;
            String taggedWorker = value.get(Tags.WORKER);
            if (worker == null && taggedWorker != null && !taggedWorker.isBlank()) {
                worker = new WorkerId(taggedWorker);
            }
            String taggedPool = value.get(Tags.POOL);
            if (pool == null && taggedPool != null && !taggedPool.isBlank()) {
                pool = taggedPool;
            }
            return this;
        }

        /** Sets the worker that it was launched as. */
        public Builder worker(WorkerId value) {
            worker = value;
            return this;
        }

        /** Sets the pool that it was launched for. */
        public Builder pool(String value) {
            pool = value;
            return this;
        }

        /** Sets what was bought. */
        public Builder instanceType(String value) {
            instanceType = value;
            return this;
        }

        /** Sets the addresses, private ones first. */
        public Builder addresses(List<String> value) {
            addresses = value;
            return this;
        }

        /** Sets what it has. */
        public Builder capacity(Resources value) {
            capacity = value;
            return this;
        }

        /** Sets the address of its Docker Engine. */
        public Builder engine(URI value) {
            engine = value;
            return this;
        }

        /** Sets when it was launched. */
        public Builder launchedAt(Instant value) {
            launchedAt = value;
            return this;
        }

        /** Sets why it failed. */
        public Builder failure(MachineFailure value) {
            failure = value;
            return this;
        }

        /** Sets the attributes. */
        public Builder attributes(Map<String, String> value) {
            attributes = value;
            return this;
        }

        /** {@return the machine} */
        public Machine build() {
            return new Machine(
                    id,
                    status,
                    name,
                    Optional.ofNullable(worker),
                    Optional.ofNullable(pool),
                    instanceType,
                    addresses,
                    Optional.ofNullable(capacity),
                    Optional.ofNullable(engine),
                    Optional.ofNullable(launchedAt),
                    Optional.ofNullable(failure),
                    tags,
                    attributes);
        }
    }
}
