package io.micado.policy;

import io.micado.api.scaling.PolicyState;

/**
 * What {@link BacklogScaler} remembers of a target: how much one replica was seen to handle. Immutable. As text
 * {@code backlog|ITEMS_PER_SECOND}.
 *
 * @param each items that one handles in a second; 0 when it was not seen yet
 */
record BacklogState(double each) implements PolicyState {
    /** Nothing seen. */
    static final BacklogState NOTHING = new BacklogState(0);

    private static final int VERSION = 1;
    private static final String HEAD = "backlog|";
    /** A new observation counts for a fifth, so that one odd sample does not decide. */
    private static final double WEIGHT = 0.2;

    /** {@return the state as the engine gave it back; nothing seen when it is not ours or damaged} */
    static BacklogState of(PolicyState given) {
        if (given instanceof BacklogState own) {
            return own;
        }
        if (given.version() != VERSION || !given.encode().startsWith(HEAD)) {
            return NOTHING;
        }
        try {
            double each = Double.parseDouble(given.encode().substring(HEAD.length()));
            return each > 0 && Double.isFinite(each) ? new BacklogState(each) : NOTHING;
        } catch (NumberFormatException e) {
            return NOTHING;
        }
    }

    /** {@return the state after one more observation} */
    BacklogState seeing(double observed) {
        return new BacklogState(each == 0 ? observed : each + WEIGHT * (observed - each));
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public String encode() {
        return HEAD + each;
    }
}
