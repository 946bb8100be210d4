package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.PortPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The groups of a {@link SimulatedCloud} that opens ports: one for each infrastructure, made by its first plan. Machines are launched
 * into it, and it is a leftover when there are none. Thread-safe.
 */
final class Firewall {
    private static final String GROUP = "group";

    private final World world;
    private final String cloud;
    private final boolean opensPorts;
    private final List<PortRecord> records = new ArrayList<>();
    private final Map<InfrastructureId, PortPlan> groups = new HashMap<>();

    Firewall(World world, String cloud, boolean opensPorts) {
        this.world = world;
        this.cloud = cloud;
        this.opensPorts = opensPorts;
    }

    synchronized void bring(InfrastructureId infrastructure, PortPlan plan) {
        records.add(new PortRecord(world.wallClock(), infrastructure, plan));
        groups.put(infrastructure, plan);
    }

    synchronized List<PortRecord> records() {
        return List.copyOf(records);
    }

    synchronized PortPlan plan(InfrastructureId infrastructure) {
        return groups.getOrDefault(infrastructure, PortPlan.NONE);
    }

    /** Throws when machines of the infrastructure have no group to be launched into. */
    synchronized void requireGroup(InfrastructureId infrastructure) {
        if (opensPorts && !groups.containsKey(infrastructure)) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "cloud " + cloud + ": there is no group for machines of " + infrastructure);
        }
    }

    synchronized List<Leftover> leftovers(InfrastructureId infrastructure, boolean inUse) {
        return groups.containsKey(infrastructure)
                ? List.of(new Leftover(cloud, GROUP, infrastructure.value(), false, inUse))
                : List.of();
    }

    /** {@return whether the leftover is a group, which is then gone} */
    synchronized boolean remove(Leftover leftover) {
        groups.keySet()
                .removeIf(infrastructure ->
                        leftover.kind().equals(GROUP) && infrastructure.value().equals(leftover.id()));
        return leftover.kind().equals(GROUP);
    }
}
