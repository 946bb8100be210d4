package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.Host.Role;
import java.util.List;
import java.util.Map;

/**
 * How much of a pool is in use. Used by {@link FollowPolicy} and {@link Releasing}. Immutable.
 *
 * @param all what its workers have, those that arrive included
 * @param used what is in use of it: what tasks reserve, or else use
 */
record PoolUse(Resources all, Resources used) {
    /** Nothing. */
    static final PoolUse NONE = new PoolUse(Resources.ZERO, Resources.ZERO);

    /** {@return the use of a pool, after what was planned so far} */
    static PoolUse of(FleetPass pass, PoolPlan pool) {
        PoolUse use = NONE;
        for (Host host : pass.index().hosts()) {
            if (host.isOf(pool.pool().name()) && countsIn(pool, host)) {
                use = use.plus(host.capacity(), usedOf(pass.index(), host));
            }
        }
        for (Map.Entry<Offer, Integer> launch : pool.launches().entrySet()) {
            Resources each = launch.getKey().free().orElse(Resources.ZERO);
            use = use.plus(each.times(launch.getValue()), Resources.ZERO);
        }
        return use;
    }

    private static boolean countsIn(PoolPlan pool, Host host) {
        WorkerId worker = host.worker().orElseThrow().id();
        boolean counted = host.role() == Role.TAKES_TASKS || host.role() == Role.ARRIVES;
        return pool.calledBack().contains(worker)
                || (counted && !pool.sentAway().contains(worker));
    }

    private static Resources usedOf(ClusterIndex index, Host host) {
        Resources[] used = {Resources.ZERO};
        index.forEachService(
                host,
                (service, tasks) -> used[0] =
                        used[0].plus(service.use().orElse(Resources.ZERO).times(tasks)));
        return used[0];
    }

    private PoolUse plus(Resources more, Resources usedOfIt) {
        return new PoolUse(all.plus(more), used.plus(usedOfIt));
    }

    /** {@return this use without a worker whose tasks stay in the pool} */
    PoolUse without(Resources worker) {
        return new PoolUse(all.minus(worker), used);
    }

    /**
     * {@return what headroom lacks without a worker}
     *
     * @param worker what the worker has
     * @param moved what is in use on it
     */
    Resources lacking(Headroom headroom, Resources worker, Resources moved) {
        return used.plus(headroom.over(used)).minus(all.minus(worker)).minus(moved);
    }

    /** {@return whether this much stays free without a worker whose tasks stay in the pool} */
    boolean keepsFreeWithout(Resources worker, Resources kept) {
        return used.plus(kept).plus(worker).fitsIn(all);
    }

    /** {@return how many workers of the preferred offering it takes until this much is free} */
    int workersMissing(Resources kept, PoolPlan pool) {
        if (used.plus(kept).fitsIn(all)) {
            return 0;
        }
        Resources missing = used.plus(kept).minus(all);
        List<Offer> open = pool.openOffers();
        Resources each = open.isEmpty() ? Resources.ZERO : open.get(0).free().orElse(Resources.ZERO);
        // The rounding keeps 2.0000000001 workers from being 3.
        return Math.max(1, (int) Math.ceil(TaskGroup.share(missing, each) - 1e-9));
    }
}
