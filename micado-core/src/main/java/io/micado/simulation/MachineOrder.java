package io.micado.simulation;

import io.micado.api.service.Resources;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import java.util.Map;

/**
 * A machine that was ordered from a simulated cloud. Immutable.
 *
 * @param owner who owns it
 * @param offering what was ordered, completed by the catalog
 * @param capacity what it has
 * @param tags its tags
 */
record MachineOrder(InfrastructureId owner, Offering offering, Resources capacity, Map<String, String> tags) {

    MachineOrder {
        tags = Map.copyOf(tags);
    }

    double pricePerHour() {
        return offering.pricePerHour().orElse(0);
    }

    /** Whether a limit of this offering or instance type is about it. */
    boolean isOf(String offeringOrInstanceType) {
        return offering.name().equals(offeringOrInstanceType)
                || offering.instanceType().equals(offeringOrInstanceType);
    }
}
