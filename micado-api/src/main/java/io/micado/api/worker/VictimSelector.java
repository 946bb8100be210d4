package io.micado.api.worker;

import io.micado.api.service.TaskState;
import java.util.List;
import java.util.Map;

/**
 * The host program's choice of which workers go first when a pool has too many. Asked about the ready workers of a pool with every pass,
 * off the loop thread; nothing is released before the first answer, and an answer that fails or comes late leaves the last one in force.
 * Whether and when a worker may go is still for the planner and the {@link DrainGuard}: what runs there must fit elsewhere, and the
 * disruption budget holds.
 */
@FunctionalInterface
public interface VictimSelector {
    /** The planner's own choice: empty workers first, then the least loaded, and of equally loaded ones the youngest. */
    VictimSelector LEAST_LOADED =
            (pool, ready, tasks) -> ready.stream().map(Worker::id).toList();

    /**
     * {@return the workers that may go, the first to go first; one that is not named stays}
     *
     * @param pool the pool's name
     * @param ready its workers that are ready, in the order of their ids
     * @param tasks what runs on each of them
     */
    List<WorkerId> select(String pool, List<Worker> ready, Map<WorkerId, List<TaskState>> tasks);
}
