package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.Host.Role;
import java.util.List;
import java.util.Map;

/**
 * How much of a pool is in use. Used by the steps that launch and release. Immutable.
 *
 * @param all what its workers have, those that arrive included
 * @param used what is in use of it: what tasks reserve, or else use
 */
record PoolUse(Resources all, Resources used) {
    /** Nothing. */
    static final PoolUse NONE = new PoolUse(Resources.ZERO, Resources.ZERO);

    /** {@return the use of a pool, after what was planned so far} */
    static PoolUse of(FleetPass pass, PoolPlan pool) {
        PoolUse use = ofWhatThereIs(pass, pool);
        for (Map.Entry<Offer, Integer> launch : pool.launches().entrySet()) {
            Resources each = launch.getKey().free().orElse(Resources.ZERO);
            Resources taken = pool.forTasks(launch.getKey())
                    .map(purchase -> useOf(purchase.load()))
                    .orElse(Resources.ZERO);
            use = use.plus(each.times(launch.getValue()), taken);
        }
        return use;
    }

    /** {@return the use of a pool, tasks that wait for a place on what there is included, but not what is launched in this pass} */
    static PoolUse ofWhatThereIs(FleetPass pass, PoolPlan pool) {
        PoolUse use = NONE;
        for (Host host : pass.index().hosts()) {
            if (host.isOf(pool.pool().name()) && countsIn(pool, host)) {
                use = use.plus(host.capacity(), usedOf(pass.index(), host).plus(pass.awaitedOn(host)));
            }
        }
        return use;
    }

    /** {@return what tasks reserve, or else use; headroom, which is no task, uses nothing} */
    static Resources useOf(List<TaskGroup> groups) {
        Resources sum = Resources.ZERO;
        for (TaskGroup group : groups) {
            if (!HeadroomDemand.is(group)) {
                sum = sum.plus(group.service().use().orElse(Resources.ZERO).times(group.tasks()));
            }
        }
        return sum;
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

    /** {@return what headroom lacks} */
    Resources lacking(Headroom headroom) {
        return used.plus(headroom.over(used)).minus(all);
    }

    /** {@return what headroom lacks when tasks that use this much come, apart from the room that they themselves take} */
    Resources lacking(Headroom headroom, Resources coming) {
        return used.plus(headroom.over(used.plus(coming))).minus(all);
    }
}
