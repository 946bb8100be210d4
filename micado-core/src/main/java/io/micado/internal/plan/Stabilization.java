package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.internal.plan.TargetMemory.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the planner does with the recommendations of one target when nothing else stands in their way: the {@link Stabilizer}
 * with its memory, from pass to pass. Used to try policies without a cluster. Confined to one thread.
 */
public final class Stabilization {
    private final TargetId target;
    private final String policy;
    private final Bounds bounds;
    private final Behavior behavior;
    private final Instant observedSince;
    private TargetMemory memory = TargetMemory.EMPTY;

    /** Starts without memory at a time. */
    public Stabilization(TargetId target, String policy, Bounds bounds, Behavior behavior, Instant now) {
        this.target = target;
        this.policy = policy;
        this.bounds = bounds;
        this.behavior = behavior;
        observedSince = now;
    }

    /** {@return the decision on a count, given what the policy says of it; the memory then takes it for carried out} */
    public Decision decide(int current, Recommendation said, Instant now) {
        TargetMemory before = memory.withChanges(History.reachable(memory.changes(), behavior, now));
        before = Recommendations.afterOutage(before, said, behavior, now);
        Trail trail = new Trail(current);
        new Stabilizer(bounds, behavior, before, observedSince, now).apply(trail, said);
        int counted = said instanceof Recommendation.Capacity capacity
                ? Stabilizer.effective(capacity, bounds.clamp(current), behavior)
                : 0;
        memory = Recommendations.remember(before, said, counted, behavior, now);
        if (trail.value() != current) {
            List<Change> changes = new ArrayList<>(memory.changes());
            changes.add(new Change(now, current, trail.value()));
            memory = memory.withChanges(changes);
        }
        return trail.decide(target, now, policy, said, Map.of());
    }
}
