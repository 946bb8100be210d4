package io.micado.internal.plan;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import java.util.Map;

/** Plans one pass over both levels. Immutable and pure; called on the loop thread. */
public interface Planner {

    /**
     * {@return what is to be done, given what was observed and recommended}
     *
     * @param state what was observed
     * @param recommendations what the policies say, by target; a target that is absent was not evaluated
     * @param memory what the last pass remembered
     */
    Plan plan(ClusterState state, Map<TargetId, Recommendation> recommendations, PlannerMemory memory);
}
