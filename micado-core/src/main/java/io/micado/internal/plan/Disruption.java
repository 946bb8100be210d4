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
        int[] moved = new int[1];
        double[] cpu = new double[1];
        long[] memory = new long[1];
        index.forEachService(host, (service, tasks) -> {
            if (!service.isGlobal()) {
                Resources each = service.use().orElse(Resources.ZERO);
                moved[0] += tasks;
                cpu[0] += each.cpuCores() * tasks;
                memory[0] += each.memoryBytes() * tasks;
            }
        });
        return moved[0] == 0 ? NONE : new Disruption(moved[0], new Resources(cpu[0], memory[0]));
    }

    Disruption plus(Disruption other) {
        return new Disruption(tasks + other.tasks, use.plus(other.use));
    }

    @Override
    public String toString() {
        return tasks == 0 ? "moves nothing" : "moves " + tasks + (tasks == 1 ? " task (" : " tasks (") + use + ")";
    }
}
