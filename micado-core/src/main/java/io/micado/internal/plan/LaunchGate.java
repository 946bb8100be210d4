package io.micado.internal.plan;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.worker.Worker;
import java.util.Optional;

/**
 * Tells whether a pool may launch at all, and up to how many workers. Used by {@link FleetPlanner} on the loop thread. Immutable.
 *
 * @param state what was observed
 * @param roster the pool's workers
 * @param memory what is remembered of the pool, this pass's failures included
 * @param hold the hold in force
 * @param said what the pool's policy said
 */
record LaunchGate(ClusterState state, PoolRoster roster, PoolMemory memory, Optional<Hold> hold, Recommendation said) {

    /** {@return the most workers that the pool may have now} */
    int ceiling() {
        int most = hold.map(held -> roster.pool().bounds().clamp(held.count()))
                .orElse(roster.pool().bounds().max());
        return isProbing() ? Math.min(most, roster.existing() + 1) : most;
    }

    /** {@return why nothing may be launched; empty when something may} */
    Optional<Note> whyClosed() {
        if (state.clusterKnown() && !state.cluster().quorum()) {
            return Optional.of(new Note(Rule.UNKNOWN, "the managers have no quorum, so no machine can join"));
        }
        if (!state.clusterKnown() && !policyLeadsOut()) {
            return Optional.of(new Note(Rule.UNKNOWN, "the cluster does not answer"));
        }
        if (isLaunching()) {
            return Optional.of(new Note(Rule.NOT_ACTING, "an earlier launch is still on its way"));
        }
        if (memory.launchesStopped(state.now())) {
            return Optional.of(new Note(Rule.BACK_OFF, whyStopped()));
        }
        if (isProbing() && roster.counting().stream().map(Worker::state).anyMatch(it -> it.isArriving())) {
            return Optional.of(new Note(Rule.BACK_OFF, "one machine at a time, until one joins again"));
        }
        return Optional.empty();
    }

    /** {@return whether a launch is on its way whose workers are not seen yet} */
    boolean isLaunching() {
        String launches = Action.subjectOfLaunch(roster.pool().name(), "");
        return state.busy().stream().anyMatch(subject -> subject.startsWith(launches));
    }

    /** Warns when launches are stopped because machines never join. */
    void warn(PlanDraft draft) {
        if (memory.launchesStopped(state.now())) {
            String pool = roster.pool().name();
            draft.warn(
                    "machines-never-join",
                    pool,
                    "pool " + pool + ": " + whyStopped()
                            + ". Check the machines' user data, whether they reach the manager on "
                            + "ports 2377/tcp, 7946/tcp+udp and 4789/udp, and the address that the manager advertises");
        }
    }

    private String whyStopped() {
        return memory.joinFailures() + " machines in a row never joined; nothing is launched until "
                + state.told(memory.launchesStoppedUntil().orElseThrow());
    }

    /** After machines have failed to join, and after the rest, a single one shows whether it works again. */
    private boolean isProbing() {
        return memory.joinFailures() > BackOff.JOIN_FAILURES_ALLOWED;
    }

    /** Without a view of the cluster, only what is known to be needed is launched. */
    private boolean policyLeadsOut() {
        return said instanceof Recommendation.Capacity capacity
                && capacity.count() > roster.counting().size();
    }
}
