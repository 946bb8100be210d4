package io.micado.internal.plan;

import io.micado.internal.plan.PoolRoster.Casualty;

/**
 * Retires workers that are lost or never joined; what they leave missing is launched by the steps after it. A step of
 * {@link FleetPlanner}.
 */
final class RepairWorkers implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            PoolRoster roster = pool.roster();
            String name = pool.pool().name();
            if (!roster.expectedBack().isEmpty()) {
                roster.repairSuspended()
                        .ifPresent(why -> pass.draft()
                                .warn(
                                        "repair-suspended",
                                        name,
                                        "pool " + name + ": lost workers are not replaced, because " + why
                                                + "; check the network between the managers and the workers"));
            }
            for (Casualty casualty : roster.givenUp()) {
                if (pass.mayChangeCluster() && pass.cloudIsKnown(casualty.worker())) {
                    pass.retire(casualty.worker(), casualty.why());
                }
            }
        }
    }
}
