package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.ScalingContext;

/**
 * The memory of {@link TargetTracker} during one pass over one target. Confined to one thread.
 *
 * @param patience tells whether a slight excess is believed
 * @param beliefs tells whether a value that is far off is believed
 */
record TrackerMemory(Patience patience, Beliefs beliefs) {
    static TrackerMemory of(ScalingContext in) {
        TrackerState before = TrackerState.of(in.state());
        return new TrackerMemory(new Patience(in, before.slight()), Beliefs.of(before.beliefs()));
    }

    /** {@return what to remember until the next pass} */
    PolicyState state() {
        return new TrackerState(patience.memory(), beliefs.text()).kept();
    }
}
