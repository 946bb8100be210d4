package io.micado.internal.plan;

import io.micado.internal.plan.Releasing.Candidate;

/** Sends workers away that run nothing, the youngest first, when fewer are wanted. A step of {@link FleetPlanner}. */
final class ReleaseEmptyWorkers implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            Releasing releasing = new Releasing(pass, pool);
            for (Candidate candidate : releasing.candidates()) {
                if (candidate.load() > 0 || !releasing.goesOn()) {
                    break;
                }
                releasing.release(candidate, "it runs nothing");
            }
        }
    }
}
