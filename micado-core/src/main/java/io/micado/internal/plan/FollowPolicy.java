package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.worker.Headroom;
import io.micado.internal.plan.BinPacking.Purchase;
import java.util.List;
import java.util.Optional;

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

    /** Buys the cheapest workers that hold what the headroom lacks. */
    private static void keepHeadroom(FleetPass pass, PoolPlan pool) {
        Headroom headroom = pool.pool().headroom();
        if (headroom.equals(Headroom.NONE) || !pass.mayChangeCluster()) {
            return;
        }
        PoolUse use = PoolUse.of(pass, pool);
        List<Offer> offers = pool.openOffers();
        Optional<TaskGroup> lacking = HeadroomDemand.of(use.lacking(headroom), offers);
        if (lacking.isEmpty()) {
            return;
        }
        Resources kept = headroom.over(use.used());
        BinPacking packing = new BinPacking(List.of(lacking.get()), offers, new int[offers.size()], pool.room());
        for (Purchase purchase : packing.pack()) {
            pool.launchMore(purchase, "headroom of " + kept);
        }
        if (!packing.unpacked().isEmpty()) {
            pool.whyNotMore().ifPresent(pool::meet);
        }
        pool.raiseToWhatThereIs(Rule.HEADROOM, kept + " are kept free");
    }
}
