package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import java.time.Instant;

/**
 * What {@link BacklogScaler} remembers of a target. Immutable. As text {@code backlog|ITEMS_PER_SECOND|MILLIS|DUE|BELIEFS}.
 *
 * @param each items that one handles in a second; 0 when it was not seen yet
 * @param seenAt when the latest sample of how many wait was measured, in milliseconds; 0 for never
 * @param due what waits and when it is due, as {@link DueItems} writes it
 * @param beliefs what the metrics were, as {@link Beliefs} writes it
 */
record BacklogState(double each, long seenAt, String due, String beliefs) implements PolicyState {
    /** Nothing seen. */
    static final BacklogState NOTHING = new BacklogState(0, 0, DueItems.NONE, Beliefs.NOTHING);

    /** A clock may step back by so much, in milliseconds, without what is due being forgotten. */
    private static final long CLOCK_STEP = 60_000;

    private static final int VERSION = 2;
    private static final String HEAD = "backlog";
    /** A new observation counts for a fifth, so that one odd sample does not decide. */
    private static final double WEIGHT = 0.2;

    /** {@return the state as the engine gave it back; nothing seen when it is not ours or damaged} */
    static BacklogState of(PolicyState given) {
        if (given instanceof BacklogState own) {
            return own;
        }
        String[] parts = given.encode().split("\\|", -1);
        if (given.version() != VERSION || parts.length != 5 || !parts[0].equals(HEAD)) {
            return NOTHING;
        }
        try {
            double each = Double.parseDouble(parts[1]);
            DueItems due = DueItems.of(parts[3]);
            return each >= 0 && Double.isFinite(each)
                    ? new BacklogState(each, Long.parseLong(parts[2]), due.text(), parts[4])
                    : NOTHING;
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }

    /** {@return the state without times that have not come yet: the clock was set back since} */
    BacklogState asOf(Instant now) {
        return seenAt > now.toEpochMilli() + CLOCK_STEP ? new BacklogState(each, 0, DueItems.NONE, beliefs) : this;
    }

    /** {@return the state after one more observation of what one handles} */
    BacklogState handling(double observed) {
        return new BacklogState(each == 0 ? observed : each + WEIGHT * (observed - each), seenAt, due, beliefs);
    }

    /** {@return the state after a look at how many wait} */
    BacklogState seeing(long at, DueItems items) {
        return new BacklogState(each, at, items.text(), beliefs);
    }

    /** {@return the state after a look at the metrics} */
    BacklogState believing(Beliefs now) {
        return new BacklogState(each, seenAt, due, now.text());
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public String encode() {
        return HEAD + "|" + each + "|" + seenAt + "|" + due + "|" + beliefs;
    }
}
