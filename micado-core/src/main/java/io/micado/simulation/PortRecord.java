package io.micado.simulation;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.PortPlan;
import java.time.Instant;
import java.util.Objects;

/**
 * One plan of ports that reached a {@link SimulatedCloud}. Immutable.
 *
 * @param at when, on the world's wall clock
 * @param infrastructure whose machines
 * @param plan the plan
 */
public record PortRecord(Instant at, InfrastructureId infrastructure, PortPlan plan) {

    /** Checks that nothing is null. */
    public PortRecord {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(infrastructure, "infrastructure");
        Objects.requireNonNull(plan, "plan");
    }
}
