package io.micado.simulation;

import io.micado.api.service.Resources;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A machine of a simulated cloud. Guarded by the lock of its {@link SimulatedFleet}. */
final class SimulatedMachine {
    final MachineId id;
    final InfrastructureId infrastructure;
    final String instanceType;
    final String address;
    final Resources capacity;
    final double pricePerHour;
    final Map<String, String> tags;
    final long launchedAt;
    /** From when on lists show it, in nanoseconds of the world. */
    final long visibleFrom;

    private final Instant launchedAtWallClock;
    private MachineStatus status = MachineStatus.PENDING;

    @Nullable
    NodeId node;

    private @Nullable Machine view;

    SimulatedMachine(
            MachineId id,
            InfrastructureId infrastructure,
            String instanceType,
            String address,
            Resources capacity,
            double pricePerHour,
            Map<String, String> tags,
            long launchedAt,
            long visibleFrom,
            Instant launchedAtWallClock) {
        this.id = id;
        this.infrastructure = infrastructure;
        this.instanceType = instanceType;
        this.address = address;
        this.capacity = capacity;
        this.pricePerHour = pricePerHour;
        this.tags = Map.copyOf(tags);
        this.launchedAt = launchedAt;
        this.visibleFrom = visibleFrom;
        this.launchedAtWallClock = launchedAtWallClock;
    }

    String name() {
        return tags.getOrDefault("Name", id.value());
    }

    MachineStatus status() {
        return status;
    }

    void status(MachineStatus value) {
        status = value;
        view = null;
    }

    /** Whether it costs and counts against the quota. */
    boolean isPaidFor() {
        return status != MachineStatus.TERMINATING && status != MachineStatus.TERMINATED;
    }

    Machine view() {
        Machine current = view;
        if (current == null) {
            current = Machine.builder(id, status)
                    .name(name())
                    .tags(tags)
                    .instanceType(instanceType)
                    .addresses(status == MachineStatus.PENDING ? List.of() : List.of(address))
                    .capacity(capacity)
                    .launchedAt(launchedAtWallClock)
                    .build();
            view = current;
        }
        return current;
    }
}
