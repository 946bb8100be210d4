package io.micado.internal.plan;

import io.micado.Defaults;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.plan.PoolMemory.Regret;
import io.micado.internal.plan.TargetMemory.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Plans the workers of all pools: the second of the two levels. Used by {@link TwoLevelPlanner} once in a pass, after the
 * services, on the loop thread. Confined to one call of the planner.
 */
final class FleetPlanner {
    /**
     * The order in which a pass looks at workers. The first step that acts on a worker ends the pass for it. To change what
     * happens first when workers are added or sent away, change this list; to change how, change the one step.
     */
    static final List<FleetStep> STEPS = List.of(
            new ReclaimLeavingWorkers(),
            new ContinueLeaving(),
            new RepairWorkers(),
            new SatisfyMinimum(),
            new ServePendingTasks(),
            new FollowPolicy(),
            new ReleaseEmptyWorkers(),
            new ReleaseUnderusedWorkers(),
            new ConsolidateWorkers(),
            new RebalanceServices(),
            new RemoveLeftovers());

    private final ClusterState state;
    private final Map<TargetId, Recommendation> recommendations;
    private final PlannerMemory before;
    private final ClusterIndex index;
    private final PlanDraft draft;
    private final Instant now;

    /** A pool while it is planned, with what its decision will need. */
    private record Draft(PoolPlan plan, Recommendation said, TargetMemory memory, PoolMemory poolMemory, int missing) {}

    FleetPlanner(
            ClusterState state,
            Map<TargetId, Recommendation> recommendations,
            PlannerMemory before,
            ClusterIndex index,
            PlanDraft draft) {
        this.state = state;
        this.recommendations = recommendations;
        this.before = before;
        this.index = index;
        this.draft = draft;
        now = state.now();
    }

    /** Plans the pools, given what becomes of the services in the same pass; {@return the pass with everything planned}. */
    FleetPass plan(List<PoolRoster> rosters, Map<String, PlannedService> services) {
        List<Draft> drafts = rosters.stream().map(this::start).toList();
        FleetPass pass = new FleetPass(
                state, index, services, drafts.stream().map(Draft::plan).toList(), draft);
        STEPS.forEach(step -> step.take(pass));
        long situation = pass.situation();
        drafts.forEach(pool -> finish(pool, situation));
        return pass;
    }

    private Draft start(PoolRoster roster) {
        WorkerPool pool = roster.pool();
        TargetId target = TargetId.pool(pool.name());
        Recommendation said = Recommendations.of(recommendations, target);
        Behavior behavior = behaviorOf(pool);
        TargetMemory memory = before.target(target);
        memory = memory.withHold(memory.hold().filter(hold -> !hold.endedBy(now)));
        memory = memory.withChanges(History.reachable(memory.changes(), behavior, now));
        memory = Recommendations.afterOutage(memory, said, behavior, now);
        PoolMemory poolMemory = before.pool(pool.name());
        for (int failed = 0; failed < roster.neverJoined(); failed++) {
            poolMemory = BackOff.afterJoinFailure(poolMemory, now);
        }
        // What was lost stays missing until its replacement is there, not only until it was tried to launch one.
        int missing = Math.max(0, poolMemory.missing() - arrivals(roster, poolMemory)) + roster.newlyGivenUp();
        Trail trail = new Trail(roster.counting().size());
        decideWhatIsWanted(roster, said, memory, missing, trail);

        LaunchGate gate = new LaunchGate(state, roster, poolMemory, memory.hold(), said);
        gate.warn(draft);
        PoolPlan plan = new PoolPlan(
                roster,
                trail,
                gate.ceiling(),
                gate.whyClosed(),
                gate.isLaunching(),
                index.market().of(pool.name()),
                poolMemory.withRefusedUntil(stillRefused(poolMemory)),
                said instanceof Recommendation.Capacity capacity && !capacity.lowerBound());
        return new Draft(plan, said, memory, poolMemory, missing);
    }

    private void decideWhatIsWanted(
            PoolRoster roster, Recommendation said, TargetMemory memory, int missing, Trail trail) {
        WorkerPool pool = roster.pool();
        int expected = trail.value() + roster.expectedBack().size() + missing;
        trail.step(
                Rule.REPAIR, expected, expected == trail.value() ? "" : "lost workers are expected back or replaced");
        if (memory.hold().isPresent()) {
            Hold hold = memory.hold().get();
            trail.bind(Rule.HOLD, pool.bounds().clamp(hold.count()), hold.words(state));
        } else {
            new Stabilizer(pool.bounds(), behaviorOf(pool), memory, before.observedSince(), now).apply(trail, said);
        }
        if (!state.clusterKnown() && trail.value() < expected) {
            trail.bind(Rule.UNKNOWN, expected, "the cluster does not answer");
        }
    }

    private static int arrivals(PoolRoster roster, PoolMemory memory) {
        return (int) roster.arrivingSince().keySet().stream()
                .filter(worker -> !memory.arrivingSince().containsKey(worker))
                .count();
    }

    private Map<WorkerId, Instant> stillRefused(PoolMemory memory) {
        Map<WorkerId, Instant> refused = new TreeMap<>(memory.refusedUntil());
        refused.values().removeIf(until -> !now.isBefore(until));
        return refused;
    }

    private void finish(Draft pool, long situation) {
        PoolPlan plan = pool.plan();
        PoolRoster roster = plan.roster();
        String name = plan.pool().name();
        int stillMissing = plan.stillMissing(pool.missing());
        int wanted = plan.trail().value() - Math.max(0, plan.doubled());
        plan.settle();
        Alternatives alternatives = new Alternatives(plan);
        plan.launches()
                .forEach((offer, count) -> draft.act(new Action.Launch(
                        name,
                        offer.offering(),
                        count,
                        plan.whyLaunched(),
                        plan.doubled() > 0 ? List.of() : alternatives.to(offer, count))));
        TargetId target = TargetId.pool(name);
        String policy = plan.pool().policy().orElse(Defaults.POOL_POLICY).type();
        draft.decide(plan.trail().decide(target, state.wallClock(), policy, pool.said(), Map.of()));
        draft.remember(
                target,
                remembered(
                        pool,
                        wanted,
                        plan.done()
                                - plan.doubled()
                                - Math.min(pool.missing(), plan.gained() - Math.max(0, plan.doubled()))));
        draft.remember(
                name,
                new PoolMemory(
                        pool.poolMemory().joinFailures(),
                        pool.poolMemory().launchesStoppedUntil(),
                        roster.arrivingSince(),
                        plan.sentAway(),
                        plan.calledBack(),
                        stillMissing,
                        plan.refusedUntil(),
                        regret(pool, situation),
                        plan.consolidation()));
    }

    private Optional<Regret> regret(Draft pool, long situation) {
        Optional<Regret> before = pool.poolMemory().regret();
        if (pool.plan().regrets()) {
            return Optional.of(BackOff.afterRegret(before, situation, now));
        }
        return pool.plan().hasReleasedForGood() ? Optional.empty() : before;
    }

    /**
     * The recommendation that is remembered is what was wanted together with the tasks that wait, so that workers launched for
     * tasks stay for a window, too. Replacing a worker is no change.
     */
    private TargetMemory remembered(Draft pool, int wanted, int count) {
        WorkerPool workers = pool.plan().pool();
        PoolRoster roster = pool.plan().roster();
        Behavior behavior = behaviorOf(workers);
        int there = roster.counting().size();
        int counted = 0;
        if (pool.said() instanceof Recommendation.Capacity capacity) {
            int current = workers.bounds().clamp(there + roster.expectedBack().size() + pool.missing());
            int effective = Stabilizer.effective(capacity, current, behavior);
            counted = wanted > current ? Math.max(effective, wanted) : effective;
        }
        TargetMemory memory = Recommendations.remember(pool.memory(), pool.said(), counted, behavior, now);
        if (count == there) {
            return memory;
        }
        List<Change> changes = new ArrayList<>(memory.changes());
        changes.add(new Change(now, there, count));
        return memory.withChanges(changes);
    }

    private static Behavior behaviorOf(WorkerPool pool) {
        return pool.behavior().orElse(Behavior.WORKERS);
    }
}
