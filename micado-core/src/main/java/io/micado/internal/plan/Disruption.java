package io.micado.internal.plan;

import io.micado.api.service.Resources;

/**
 * What moves when a worker goes. Made by {@link Releasing} and {@link ConsolidateWorkers}. Immutable.
 *
 * @param tasks how many tasks move; those of global services end where they are
 * @param use what these reserve, or else use; what nobody knows counts nothing
 */
record Disruption(int tasks, Resources use) {
    /** Nothing moves. */
    static final Disruption NONE = new Disruption(0, Resources.ZERO);

    /** {@return what moves when a host goes} */
    static Disruption of(ClusterIndex index, Host host) {
        Disruption[] sum = {NONE};
        index.forEachService(host, (service, tasks) -> {
            if (!service.isGlobal()) {
                Resources each = service.use().orElse(Resources.ZERO);
                sum[0] = sum[0].plus(new Disruption(tasks, each.times(tasks)));
            }
        });
        return sum[0];
    }

    Disruption plus(Disruption other) {
        return new Disruption(tasks + other.tasks, use.plus(other.use));
    }

    @Override
    public String toString() {
        return tasks == 0 ? "moves nothing" : "moves " + tasks + (tasks == 1 ? " task (" : " tasks (") + use + ")";
    }
}
