package io.micado.internal.plan;

import io.micado.internal.plan.Releasing.Candidate;

/** Sends workers away that run nothing, when fewer are wanted: the dearest first, and of equally dear ones the youngest. A step of {@link FleetPlanner}. */
final class ReleaseEmptyWorkers implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            new Releasing(pass, pool).releaseWhile(Candidate::isEmpty, candidate -> "it runs nothing");
        }
    }
}
