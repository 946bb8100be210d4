package io.micado.internal.plan;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Notices that somebody else changed what we scale. Called by {@link ServicePlanner} on the loop thread. Not instantiable.
 *
 * <p>Such a change is an observation: the policy goes on from there. Only when others turn back what we set again and again,
 * the service is held for a while and the conflict is named, because two hands that fight are worse than either.
 */
final class HandOfOthers {
    /** How many of our changes others may turn back within {@link #REVERSAL_WINDOW} before the service is held. */
    static final int REVERSALS_ALLOWED = 2;
    /** How long a reversal counts. */
    static final Duration REVERSAL_WINDOW = Duration.ofMinutes(10);
    /** How long a service is held because of a conflict. */
    static final Duration CONFLICT_HOLD = Duration.ofMinutes(10);

    private HandOfOthers() {}

    /** {@return what is remembered after this count was seen} Tells of a change by others. */
    static TargetMemory observe(TargetId target, TargetMemory memory, int seen, Instant now, PlanDraft draft) {
        List<Instant> reversals = new ArrayList<>(memory.reversals());
        reversals.removeIf(at -> !at.plus(REVERSAL_WINDOW).isAfter(now));
        Optional<Instant> heldUntil = memory.conflictUntil().filter(now::isBefore);
        boolean unexpected = memory.lastSeen().isPresent()
                && memory.lastSeen().getAsInt() != seen
                && (memory.lastSet().isEmpty() || memory.lastSet().getAsInt() != seen);
        if (!unexpected) {
            return memory.withHand(OptionalInt.of(seen), memory.lastSet(), reversals, heldUntil);
        }
        if (memory.lastSet().isPresent()) {
            reversals.add(now);
        }
        String follows = "the policy goes on from there";
        if (reversals.size() > REVERSALS_ALLOWED && heldUntil.isEmpty()) {
            heldUntil = Optional.of(now.plus(CONFLICT_HOLD));
            reversals.clear();
            follows = "others turned back what was set " + (REVERSALS_ALLOWED + 1) + " times within "
                    + REVERSAL_WINDOW.toMinutes() + " min, so it is left alone until "
                    + draft.state().told(heldUntil.get())
                    + "; see to it that only one hand scales it";
        }
        draft.tell(new MicadoEvent.ChangedByOthers(
                draft.state().wallClock(),
                target,
                memory.lastSeen().getAsInt(),
                seen,
                target + " was changed from " + memory.lastSeen().getAsInt() + " to " + seen + " by somebody else; "
                        + follows));
        return memory.withHand(OptionalInt.of(seen), OptionalInt.empty(), reversals, heldUntil);
    }
}
