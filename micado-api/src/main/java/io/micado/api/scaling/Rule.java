package io.micado.api.scaling;

/** The rule that changed, or let pass, the number on its way from recommendation to decision. Immutable. */
public enum Rule {
    /** What the policy said. */
    RECOMMENDATION,
    /** What pending tasks need. */
    PENDING_TASKS,
    /** Spare capacity that is kept on purpose. */
    HEADROOM,
    /** Too small a difference to count. */
    TOLERANCE,
    /** The most cautious recommendation of the window. */
    STABILIZATION,
    /** As fast as it may go. */
    RATE_LIMIT,
    /** The least and the most. */
    BOUNDS,
    /** Too soon after the last change. */
    COOLDOWN,
    /** A person or the host program said how many. */
    HOLD,
    /** Somebody else keeps changing the same number. */
    CONFLICT,
    /** Metrics or another source are missing or stale. */
    UNKNOWN,
    /** A new version of the service is being rolled out, so that it is not scaled in. */
    ROLL_OUT,
    /** Placement: what runs there would fit nowhere else, or no worker that can be bought would help. */
    PLACEMENT,
    /** The most workers that may be on their way out at once. */
    DISRUPTION_BUDGET,
    /** What is saved against what is disturbed, when workers go or cheaper ones take their place. */
    COST,
    /** The host program's guard said no. */
    GUARD,
    /** Something failed lately; it rests. */
    BACK_OFF,
    /** A broken or lost worker is replaced. */
    REPAIR,
    /** Paused, dry run, or the lease is somebody else's: recommended but not done. */
    NOT_ACTING,
    /** Nothing bound it. */
    NONE
}
