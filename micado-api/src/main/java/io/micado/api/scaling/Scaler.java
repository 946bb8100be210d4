package io.micado.api.scaling;

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
}
