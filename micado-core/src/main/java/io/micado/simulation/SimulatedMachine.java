package io.micado.simulation;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A machine of a simulated cloud. Guarded by the lock of its {@link SimulatedFleet}. */
final class SimulatedMachine {
    final MachineId id;
    final MachineOrder order;
    final String address;
    final long launchedAt;
    /** From when on lists show it, in nanoseconds of the world. */
    final long visibleFrom;

    private final Instant launchedAtWallClock;
    private MachineStatus status = MachineStatus.PENDING;
    private @Nullable NodeId node;
    private @Nullable MachineFailure failure;
    private @Nullable Machine view;

    SimulatedMachine(
            MachineId id,
            MachineOrder order,
            String address,
            long launchedAt,
            long visibleFrom,
            Instant launchedAtWallClock) {
        this.id = id;
        this.order = order;
        this.address = address;
        this.launchedAt = launchedAt;
        this.visibleFrom = visibleFrom;
        this.launchedAtWallClock = launchedAtWallClock;
    }

    InfrastructureId owner() {
        return order.owner();
    }

    /** The node that it became; empty before it has joined. */
    Optional<NodeId> node() {
        return Optional.ofNullable(node);
    }

    void joinedAs(NodeId value) {
        node = value;
    }

    /** What it has cost until now. */
    Bill bill(long now) {
        return Bill.of(now - launchedAt, order.pricePerHour());
    }

    String name() {
        return order.tags().getOrDefault("Name", id.value());
    }

    MachineStatus status() {
        return status;
    }

    void status(MachineStatus value) {
        status = value;
        view = null;
    }

    /** It ends up like this, for a reason that the cloud tells. */
    void failed(MachineStatus value, MachineFailure why) {
        failure = why;
        status(value);
    }

    /** Whether it costs and counts against the quota. */
    boolean isPaidFor() {
        return status != MachineStatus.TERMINATING && status != MachineStatus.TERMINATED;
    }

    Machine view() {
        Machine current = view;
        if (current == null) {
            Machine.Builder machine = Machine.builder(id, status)
                    .name(name())
                    .tags(order.tags())
                    .instanceType(order.offering().instanceType())
                    .addresses(status == MachineStatus.PENDING ? List.of() : List.of(address))
                    .capacity(order.capacity())
                    .launchedAt(launchedAtWallClock);
            if (failure != null) {
                machine.failure(failure);
            }
            current = machine.build();
            view = current;
        }
        return current;
    }
}
