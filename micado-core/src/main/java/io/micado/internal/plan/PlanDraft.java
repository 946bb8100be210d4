package io.micado.internal.plan;

import io.micado.Defaults;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The plan while it is being made. Filled by the planners and their steps. Confined to one call of the planner. */
final class PlanDraft {
    private final ClusterState state;
    private final PlannerMemory before;
    private final List<Action> actions = new ArrayList<>();
    private final Set<String> subjects = new LinkedHashSet<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<MicadoEvent> events = new ArrayList<>();
    private final Set<String> warnings = new TreeSet<>();
    private final Map<TargetId, TargetMemory> targets = new TreeMap<>();
    private final Map<String, PoolMemory> pools = new TreeMap<>();

    PlanDraft(ClusterState state, PlannerMemory before) {
        this.state = state;
        this.before = before;
    }

    /** {@return whether an effect on this subject is on its way or planned already, so that no other one may be planned} */
    boolean isTaken(String subject) {
        return state.busy().contains(subject) || subjects.contains(subject);
    }

    /** Plans an action, unless its subject is taken; {@return whether it is planned}. */
    boolean act(Action action) {
        if (isTaken(action.subject())) {
            return false;
        }
        subjects.add(action.subject());
        return actions.add(action);
    }

    /** {@return what the pass goes by} */
    ClusterState state() {
        return state;
    }

    /** Adds what was decided for one target. */
    void decide(Decision decision) {
        decisions.add(decision);
    }

    /** Tells an event. */
    void tell(MicadoEvent event) {
        events.add(event);
    }

    /**
     * Warns of something that lasts: it is told once, and again only after it was over.
     *
     * @param code a fixed word for programs
     * @param subject what it concerns
     * @param message what it is and what to do about it
     */
    void warn(String code, String subject, String message) {
        String key = code + " " + subject;
        if (warnings.add(key) && !before.warnings().contains(key)) {
            events.add(new MicadoEvent.Warning(state.wallClock(), code, message));
        }
    }

    /** Remembers a target. */
    void remember(TargetId target, TargetMemory memory) {
        targets.put(target, memory);
    }

    /** {@return what is remembered of a target in this pass so far, else before it} */
    TargetMemory remembered(TargetId target) {
        TargetMemory memory = targets.get(target);
        return memory == null ? before.target(target) : memory;
    }

    /** {@return how long a worker of an offering takes until it is ready, as far as that has been seen} */
    Duration leadTime(String pool, String offering) {
        return before.offering(pool, offering).leadTime().orElse(Defaults.WORKER_LEAD_TIME);
    }

    /** Remembers a pool. */
    void remember(String pool, PoolMemory memory) {
        pools.put(pool, memory);
    }

    /** {@return the plan} */
    Plan finish() {
        Map<TargetId, TargetMemory> kept = targets;
        if (!state.clusterKnown()) {
            // What is not seen is not gone.
            kept = new TreeMap<>(before.targets());
            kept.putAll(targets);
        }
        PlannerMemory memory = new PlannerMemory(before.observedSince(), kept, before.offerings(), pools, warnings);
        return new Plan(actions, decisions, events, memory);
    }
}
