package io.micado.simulation.fluid;

/**
 * Whatever decides how many instances there are to be, one decision after the other; a {@link PolicyTrial} calls it on its
 * thread. One object is used for one trial, so that it may keep state.
 */
@FunctionalInterface
public interface Autoscaler {

    /** {@return how many instances there are to be from now on; brought within the trial's bounds} */
    int decide(Observation seen);

    /**
     * {@return how many of those that are ready serve, the oldest of them; by default all} For what scales two levels of which the
     * trial has one, such as workers on which nothing runs yet, or no longer. Asked after each decision and whenever one more
     * gets ready.
     */
    default int serving(int ready) {
        return ready;
    }

    /** Makes an autoscaler for a trial. */
    @FunctionalInterface
    interface Factory {
        /** {@return an autoscaler without memory} */
        Autoscaler create(TrialSetting setting);
    }
}
