package io.micado.internal.plan;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.ServiceState.Mode;
import io.micado.internal.plan.TargetMemory.Change;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Plans the replicas of services: the first of the two levels. Used by {@link TwoLevelPlanner} once in a pass, on the loop
 * thread. Confined to one call of the planner.
 */
final class ServicePlanner {
    private final ClusterState state;
    private final Map<TargetId, Recommendation> recommendations;
    private final PlannerMemory before;
    private final Outlook outlook;
    private final PlanDraft draft;
    private final Instant now;

    ServicePlanner(
            ClusterState state,
            Map<TargetId, Recommendation> recommendations,
            PlannerMemory before,
            Outlook outlook,
            PlanDraft draft) {
        this.state = state;
        this.recommendations = recommendations;
        this.before = before;
        this.outlook = outlook;
        this.draft = draft;
        now = state.now();
    }

    /** Decides on every service; {@return what becomes of each, by name}. */
    Map<String, PlannedService> plan() {
        Map<String, PlannedService> planned = new TreeMap<>();
        for (ScaledService service : new TreeMap<>(state.services()).values()) {
            planned.put(service.name(), plan(service));
        }
        return planned;
    }

    private PlannedService plan(ScaledService service) {
        TargetId target = TargetId.service(service.name());
        Recommendation said = Recommendations.of(recommendations, target);
        Trail trail = new Trail(service.desired());
        Optional<String> whyNot = whyNothingCanChange(service);
        if (whyNot.isPresent()) {
            trail.bind(Rule.UNKNOWN, service.desired(), whyNot.get());
            draft.decide(trail.decide(target, state.wallClock(), service.policyType(), said, Map.of()));
            return new PlannedService(service, service.desired(), Optional.empty());
        }
        TargetMemory memory = remembered(service, target, said);
        decide(service, memory, said, trail);
        memory = withRecommendation(service, memory, said);

        boolean busy = state.busy().contains(Action.subjectOfService(service.name()));
        int wanted = trail.value();
        if (busy) {
            int underWay = memory.lastSet().orElse(service.desired());
            if (wanted != service.desired()) {
                trail.bind(Rule.NOT_ACTING, service.desired(), "an earlier change is still on its way");
            }
            wanted = underWay;
        } else if (wanted != service.desired()) {
            memory = memory.withChange(new Change(now, service.desired(), wanted));
        }
        draft.remember(target, memory);
        Decision decision = trail.decide(target, state.wallClock(), service.policyType(), said, Map.of());
        draft.decide(decision);
        boolean change = decision.changesSomething();
        return new PlannedService(service, wanted, change ? Optional.of(decision.reason()) : Optional.empty());
    }

    private Optional<String> whyNothingCanChange(ScaledService service) {
        if (!state.clusterKnown()) {
            return Optional.of("the cluster does not answer");
        }
        if (!state.cluster().quorum()) {
            return Optional.of("the managers have no quorum");
        }
        return service.state().mode() == Mode.REPLICATED
                ? Optional.empty()
                : Optional.of("only replicated services are scaled");
    }

    private TargetMemory remembered(ScaledService service, TargetId target, Recommendation said) {
        TargetMemory memory = HandOfOthers.observe(target, before.target(target), service.desired(), now, draft);
        memory = memory.withHold(memory.hold().filter(hold -> !hold.endedBy(now)));
        memory = memory.withChanges(History.reachable(memory.changes(), service.behavior(), now));
        return Recommendations.afterOutage(memory, said, service.behavior(), now);
    }

    private TargetMemory withRecommendation(ScaledService service, TargetMemory memory, Recommendation said) {
        int counted = said instanceof Recommendation.Capacity capacity
                ? Stabilizer.effective(capacity, service.bounds().clamp(service.desired()), service.behavior())
                : 0;
        return Recommendations.remember(memory, said, counted, service.behavior(), now);
    }

    private void decide(ScaledService service, TargetMemory memory, Recommendation said, Trail trail) {
        if (memory.conflictUntil().isPresent()) {
            trail.bind(
                    Rule.CONFLICT,
                    service.desired(),
                    "somebody else keeps changing it; left alone until "
                            + state.told(memory.conflictUntil().get()));
            return;
        }
        if (memory.hold().isPresent()) {
            Hold hold = memory.hold().get();
            trail.bind(Rule.HOLD, service.bounds().clamp(hold.count()), hold.words(state));
            return;
        }
        new Stabilizer(service.bounds(), service.behavior(), memory, before.observedSince(), now).apply(trail, said);
        int base = service.bounds().clamp(service.desired());
        if (trail.value() < base && service.state().updating()) {
            trail.step(Rule.ROLL_OUT, base, "a roll-out is going on");
        }
        if (trail.value() > base) {
            outlook.whyNoMore(service.name()).ifPresent(note -> trail.step(note.rule(), base, note.text()));
        }
    }
}
