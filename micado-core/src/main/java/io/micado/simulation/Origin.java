package io.micado.simulation;

import org.jspecify.annotations.Nullable;

/**
 * The task that handed something over, and when on its own time. Immutable.
 *
 * @param run the task; null when no task was running
 * @param at nanoseconds since the start
 */
record Origin(@Nullable Run run, long at) {
    static final Origin NOWHERE = new Origin(null, 0);

    /** Whether the task was ended before it came to hand this over. */
    boolean isCancelled() {
        return run != null && run.endedBefore(at);
    }
}
