package io.micado.simulation;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.PortPlan;
import java.util.ArrayList;
import java.util.List;

/** Remembers which ports a {@link SimulatedCloud} was told to open. Thread-safe. */
final class Firewall {
    private final World world;
    private final List<PortRecord> records = new ArrayList<>();

    Firewall(World world) {
        this.world = world;
    }

    synchronized void bring(InfrastructureId infrastructure, PortPlan plan) {
        records.add(new PortRecord(world.wallClock(), infrastructure, plan));
    }

    synchronized List<PortRecord> records() {
        return List.copyOf(records);
    }

    synchronized PortPlan plan(InfrastructureId infrastructure) {
        PortPlan latest = PortPlan.NONE;
        for (PortRecord record : records) {
            latest = record.infrastructure().equals(infrastructure) ? record.plan() : latest;
        }
        return latest;
    }
}
