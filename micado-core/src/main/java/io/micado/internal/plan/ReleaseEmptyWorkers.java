package io.micado.internal.plan;

import io.micado.internal.plan.Releasing.Candidate;

/** Sends workers away that run nothing, when fewer are wanted: the dearest first, and of equally dear ones the youngest. A step of {@link FleetPlanner}. */
final class ReleaseEmptyWorkers implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            Releasing releasing = new Releasing(pass, pool);
            for (Candidate candidate : releasing.candidates()) {
                if (!candidate.isEmpty() || !releasing.goesOn()) {
                    break;
                }
                releasing.release(candidate, "it runs nothing");
            }
        }
    }
}
