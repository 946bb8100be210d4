package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.service.ServiceState;

/**
 * A service that we scale, with everything that its labels and the builder say of it. Immutable.
 *
 * @param state what the orchestrator reports
 * @param bounds the least and most replicas
 * @param behavior dead band, windows and rates
 * @param policyType the type of its policy, for explanations
 * @param surgeOnDrain whether one more replica is started before a drain moves one
 * @param surge how many extra replicas run for a drain, from its label; they are given back
 * @param rebalance whether its replicas are started anew when they could spread over more workers
 */
public record ScaledService(
        ServiceState state,
        Bounds bounds,
        Behavior behavior,
        String policyType,
        boolean surgeOnDrain,
        int surge,
        boolean rebalance) {

    /** {@return the service's name} */
    public String name() {
        return state.name();
    }

    /** {@return the replicas that are wanted for load, without those of a surge} */
    public int desired() {
        return Math.max(0, state.desiredReplicas() - surge);
    }
}
