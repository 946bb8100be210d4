package io.micado.internal.plan;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Plans services and then workers, so that workers follow the replicas that the same pass decides on. Called by the engine on
 * the loop thread. Immutable and pure; the order in which workers are looked at is {@link FleetPlanner#STEPS}.
 */
public final class TwoLevelPlanner implements Planner {
    @Override
    public Plan plan(ClusterState state, Map<TargetId, Recommendation> recommendations, PlannerMemory memory) {
        PlanDraft draft = new PlanDraft(state, memory);
        List<PoolRoster> rosters = callTheRolls(state, memory);
        ClusterIndex index = new ClusterIndex(state, memory, rosters);
        Outlook outlook = new Outlook(index, growing(rosters));
        Map<String, PlannedService> services =
                new ServicePlanner(state, recommendations, memory, outlook, draft).plan();
        FleetPass pass = new FleetPlanner(state, recommendations, memory, index, draft).plan(rosters, services);
        if (pass.mayChangeCluster()) {
            services.values().forEach(service -> scale(service, pass));
        }
        return draft.finish();
    }

    private static List<PoolRoster> callTheRolls(ClusterState state, PlannerMemory memory) {
        Map<String, List<Worker>> byPool = new HashMap<>();
        for (Worker worker : state.workers().values()) {
            byPool.computeIfAbsent(worker.pool(), none -> new ArrayList<>()).add(worker);
        }
        List<PoolRoster> rosters = new ArrayList<>();
        for (WorkerPool pool : state.pools().values()) {
            List<Worker> workers = byPool.getOrDefault(pool.name(), List.of()).stream()
                    .sorted(Comparator.comparing(Worker::id))
                    .toList();
            rosters.add(RollCall.of(state, pool, memory, workers));
        }
        return rosters;
    }

    private static Set<String> growing(List<PoolRoster> rosters) {
        Set<String> pools = new TreeSet<>();
        for (PoolRoster roster : rosters) {
            if (roster.existing() < roster.pool().bounds().max()) {
                pools.add(roster.pool().name());
            }
        }
        return pools;
    }

    /** One action sets both what load asks for and what drains ask for on top. */
    private static void scale(PlannedService planned, FleetPass pass) {
        ScaledService service = planned.service();
        int surge = pass.surgeOf(service.name());
        if (planned.change().isEmpty() && surge == service.surge()) {
            return;
        }
        int desired = planned.change().isPresent() ? planned.desired() : service.desired();
        Map<String, String> labels = new TreeMap<>();
        if (planned.change().isPresent()) {
            labels.put(Tags.SERVICE_LAST_CHANGE, service.desired() + ">" + desired + " at " + pass.now());
        }
        if (surge != service.surge()) {
            labels.put(Tags.SERVICE_SURGE, surge == 0 ? "" : Integer.toString(surge));
        }
        String reason = planned.change()
                .orElse(
                        surge > service.surge()
                                ? "one more runs before a worker that is being drained stops its own"
                                : "the drain is over, so that the extra replica is given back");
        pass.draft()
                .act(new Action.ScaleService(
                        service.name(), service.state().desiredReplicas(), desired + surge, labels, reason));
    }
}
