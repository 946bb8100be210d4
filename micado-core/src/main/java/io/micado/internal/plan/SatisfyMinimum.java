package io.micado.internal.plan;

/** Launches what fails the least that a pool may have. A step of {@link FleetPlanner}. */
final class SatisfyMinimum implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            int missing = pool.shortageOfMinimum();
            if (missing > 0) {
                pool.launchPreferred(
                        missing, "the pool has at least " + pool.pool().bounds().min() + " workers");
            }
        }
    }
}
