package io.micado.internal.plan;

/** Sends workers away that run nothing, the youngest first, when fewer are wanted. A step of {@link FleetPlanner}. */
final class ReleaseEmptyWorkers implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            new Releasing(pass, pool).releaseWhile(candidate -> candidate.load() == 0, candidate -> "it runs nothing");
        }
    }
}
