package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What {@link StepScaler} remembers of a target: the last step, and what the metric was. Immutable. As text {@code step|MILLIS|FROM|TO|BELIEFS}.
 *
 * @param at when it was asked for
 * @param from how many there were
 * @param to how many were asked for
 * @param beliefs what the metric was, as {@link Beliefs} writes it
 */
record StepState(Instant at, int from, int to, String beliefs) implements PolicyState {
    /** No step yet. */
    static final StepState NEVER = new StepState(Instant.EPOCH, 0, 0, Beliefs.NOTHING);

    private static final int VERSION = 2;
    private static final String HEAD = "step";

    /** {@return the state as the engine gave it back; that of a target without a step when it is not ours or damaged} */
    static StepState of(PolicyState given) {
        if (given instanceof StepState own) {
            return own;
        }
        String[] parts = given.encode().split("\\|", -1);
        if (given.version() != VERSION || parts.length != 5 || !parts[0].equals(HEAD)) {
            return NEVER;
        }
        try {
            return new StepState(
                    Instant.ofEpochMilli(Long.parseLong(parts[1])),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]),
                    parts[4]);
        } catch (NumberFormatException | DateTimeException e) {
            return NEVER;
        }
    }

    /** {@return the state after a step} */
    StepState step(Instant now, int before, int after) {
        return new StepState(now, before, after, beliefs);
    }

    /** {@return the state after a look at the metric} */
    StepState believing(Beliefs now) {
        return new StepState(at, from, to, now.text());
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public String encode() {
        return HEAD + "|" + at.toEpochMilli() + "|" + from + "|" + to + "|" + beliefs;
    }
}
