package io.micado.internal.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * A person's or the host program's wish that a target stays at a count, whatever its policy says. Immutable.
 *
 * @param count how many; bounds still apply
 * @param until when it ends; empty until it is released
 */
public record Hold(int count, Optional<Instant> until) {

    /** {@return whether it has ended} */
    public boolean endedBy(Instant now) {
        return until.isPresent() && !now.isBefore(until.get());
    }

    /** {@return what to tell people of it} */
    String words(ClusterState state) {
        return "held at " + count + " until "
                + until.map(end -> state.told(end).toString()).orElse("released");
    }
}
