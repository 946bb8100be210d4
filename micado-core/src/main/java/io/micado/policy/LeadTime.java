package io.micado.policy;

import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import java.time.Duration;

/** How long what a policy asks for takes to serve. Called by the policies on their threads. Not instantiable. */
final class LeadTime {
    private LeadTime() {}

    /** {@return the lead time of the last of so many; replicas that find no place wait for a worker first} */
    static Duration of(ScalingContext in, int count) {
        if (in.target().level() == TargetId.Level.POOL) {
            return in.workerLeadTime();
        }
        // Those that were asked for and have no place wait for a worker, too.
        boolean placed = count <= (long) in.desired() - in.pending() + in.freeReplicas();
        return placed ? in.replicaLeadTime() : longest(in);
    }

    /** {@return the lead time of one that has no place yet} */
    static Duration longest(ScalingContext in) {
        return in.target().level() == TargetId.Level.POOL
                ? in.workerLeadTime()
                : in.replicaLeadTime().plus(in.workerLeadTime());
    }
}
