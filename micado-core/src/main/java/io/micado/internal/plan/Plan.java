package io.micado.internal.plan;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import java.util.List;

/**
 * What one pass wants done, and why. Immutable.
 *
 * @param actions what to do; at most one for each subject
 * @param decisions one for every target, no-ops included
 * @param events what a person should know
 * @param memory what to remember for the next pass
 */
public record Plan(List<Action> actions, List<Decision> decisions, List<MicadoEvent> events, PlannerMemory memory) {
    /** Copies the lists. */
    public Plan {
        actions = List.copyOf(actions);
        decisions = List.copyOf(decisions);
        events = List.copyOf(events);
    }
}
