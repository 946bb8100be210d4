package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.worker.Headroom;

/** Launches what the pool's policy asks for, and what its headroom takes on top. A step of {@link FleetPlanner}. */
final class FollowPolicy implements FleetStep {
    @Override
    public void take(FleetPass pass) {
        for (PoolPlan pool : pass.pools()) {
            // Workers whose cordon is only just on its way are taken back in the next pass rather than replaced.
            int wanted = pool.shortage() - pool.beingCordoned();
            if (wanted > 0) {
                pool.launchPreferred(wanted, pool.trail().why());
            }
            keepHeadroom(pass, pool);
        }
    }

    private static void keepHeadroom(FleetPass pass, PoolPlan pool) {
        Headroom headroom = pool.pool().headroom();
        if (headroom.equals(Headroom.NONE) || !pass.mayChangeCluster()) {
            return;
        }
        PoolUse use = PoolUse.of(pass, pool);
        Resources kept = headroom.over(use.used());
        int wanted = use.workersMissing(kept, pool);
        if (wanted > 0) {
            pool.launchPreferred(wanted, "headroom of " + kept);
            pool.raiseToWhatThereIs(Rule.HEADROOM, kept + " are kept free");
        }
    }
}
