package io.micado.api.scaling;

import io.micado.api.metric.MetricHistory;
import java.util.Optional;

/**
 * Says how much capacity one target needs. Called on the engine's policy threads, never on the loop thread, with a deadline
 * (default 1 s) after which it is interrupted; one that throws, hangs or answers nonsense leaves its target as it is.
 *
 * <p>All memory goes in and out: {@link ScalingContext#state()} is what the last recommendation of this target returned as
 * {@link Recommendation#state()}. A scaler has no other state, no clock and no randomness of its own, so that any decision
 * can be replayed.
 */
@FunctionalInterface
public interface Scaler {

    /** {@return how much the target needs now} */
    Recommendation recommend(ScalingContext in);

    /**
     * Tells which past would help with a target of which nothing is remembered: a new one, or after a restart that lost the
     * memory. Called on the loop thread and must answer at once. Default: none.
     *
     * <p>Recommendations do not wait for it. The metric sources are asked beside them, each once, when it has answered its first
     * reading; who knows something of these metrics within ten minutes is heard by {@link #learn}.
     */
    default Optional<PastWanted> pastWanted(TargetId target) {
        return Optional.empty();
    }

    /**
     * {@return what to remember of a target after what was before; in place of what it has come to remember in the minutes
     * since it was first asked}
     *
     * <p>Called on a thread of its own with a deadline of ten seconds. Whatever it throws, the target goes on without a past.
     * Default: what it remembers.
     *
     * @param in the target as it is now
     * @param past what the sources told of the metrics that were wanted; called again with more when another source has told
     */
    default PolicyState learn(ScalingContext in, MetricHistory past) {
        return in.state();
    }
}
