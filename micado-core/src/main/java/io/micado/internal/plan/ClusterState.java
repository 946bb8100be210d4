package io.micado.internal.plan;

import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that one pass knows of the world, joined and cleaned up. Immutable. Made by the observer on the loop thread.
 *
 * @param now the time of the pass: our monotonic clock, told as an instant; it never jumps
 * @param wallClock the wall clock's time of the pass, for what people are told: it may have jumped
 * @param cluster the cluster's latest view; meaningless unless {@code clusterKnown}
 * @param clusterKnown whether that view is young enough to act on
 * @param unknownClouds names of the clouds whose list is stale, failed or incomplete: nothing is launched or terminated there
 * @param pools the pools by name, in the user's order, and after them those that are not configured any more, which are to have no
 *     workers
 * @param workers our workers, of all pools, by id
 * @param foreignNodes nodes that no pool owns: an active one counts as capacity, none is ever touched
 * @param unmatchedNodes foreign nodes that joined after one of our launches and may be an unmatched machine's; while there is
 *     one, no machine is replaced because it has not joined
 * @param services the services that are scaled, by name
 * @param measuredUse what one replica of a service was measured to use (p95 of the window), by service name; absent is unknown
 * @param leftovers what we own on the clouds besides machines
 * @param guardAnswers what the host program's guard said of workers that are cordoned by us: true, it may go now; a worker
 *     that is absent has not been asked yet or the guard has not answered
 * @param releaseOrder by pool, which workers may be released, the first to go first, as the host program says; a pool that is absent is
 *     left to the planner
 * @param busy workers, nodes and services for which an effect is on its way: no other one is planned for them
 */
public record ClusterState(
        Instant now,
        Instant wallClock,
        ClusterView cluster,
        boolean clusterKnown,
        Set<String> unknownClouds,
        Map<String, WorkerPool> pools,
        Map<WorkerId, Worker> workers,
        List<Node> foreignNodes,
        List<Node> unmatchedNodes,
        Map<String, ScaledService> services,
        Map<String, MeasuredUse> measuredUse,
        List<Leftover> leftovers,
        Map<WorkerId, Boolean> guardAnswers,
        Map<String, List<WorkerId>> releaseOrder,
        Set<String> busy) {

    /** {@return a time of our monotonic clock as people are told it: by the wall clock, to the second} */
    Instant told(Instant at) {
        Instant exact = wallClock.plus(Duration.between(now, at));
        return exact.plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
    }
}
