package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import java.util.Optional;

/**
 * What {@link TargetTracker} remembers of a target. Immutable. As text {@code tracker|BELIEFS}: the slight excess is not written
 * down, so after a restart its count begins anew, which costs two measurements.
 *
 * @param slight an excess that may be noise; empty when there is none
 * @param beliefs what the metrics were, as {@link Beliefs} writes it
 */
record TrackerState(Optional<SlightExcess> slight, String beliefs) implements PolicyState {
    private static final TrackerState NOTHING = new TrackerState(Optional.empty(), Beliefs.NOTHING);

    private static final int VERSION = 2;
    private static final String HEAD = "tracker|";

    /** {@return the state as the engine gave it back; nothing when it is not ours} */
    static TrackerState of(PolicyState given) {
        if (given instanceof TrackerState own) {
            return own;
        }
        String text = given.version() == VERSION ? given.encode() : "";
        return text.startsWith(HEAD) ? new TrackerState(Optional.empty(), text.substring(HEAD.length())) : NOTHING;
    }

    /** {@return this as the engine keeps it} */
    PolicyState kept() {
        return equals(NOTHING) ? PolicyState.NONE : this;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public String encode() {
        return HEAD + beliefs;
    }
}
