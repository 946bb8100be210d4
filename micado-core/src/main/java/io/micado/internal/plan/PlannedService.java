package io.micado.internal.plan;

import java.util.Optional;

/**
 * A service after its part of the plan. Made by {@link ServicePlanner}. Immutable.
 *
 * @param service the service
 * @param desired how many replicas load asks for, those of a surge not included
 * @param change why that is to be set now; empty when it is so already, or set by an effect that is on its way
 */
record PlannedService(ScaledService service, int desired, Optional<String> change) {

    /** {@return how many replicas the orchestrator will be asked for, those of the present surge included} */
    int total() {
        return desired + service.surge();
    }
}
