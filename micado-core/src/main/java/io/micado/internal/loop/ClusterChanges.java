package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.time.BoundedExecutor;
import io.micado.internal.call.Calls;
import io.micado.internal.lease.Coordinator;
import java.time.Instant;

/** Makes the changes of the cluster that the host program asks for, while the lease is ours. Confined to the loop thread. */
final class ClusterChanges {
    private final Cluster cluster;
    private final BoundedExecutor executor;
    private final Calls calls;
    private final SteadyClock clock;
    private final Coordinator coordinator;
    private final Observer observer;
    private final Runnable wake;
    private int underWay;
    private Instant changedAt = Instant.EPOCH;

    /**
     * Creates one.
     *
     * @param wake asks for a pass
     */
    ClusterChanges(
            Cluster cluster,
            BoundedExecutor executor,
            Calls calls,
            SteadyClock clock,
            Coordinator coordinator,
            Observer observer,
            Runnable wake) {
        this.cluster = cluster;
        this.executor = executor;
        this.calls = calls;
        this.clock = clock;
        this.coordinator = coordinator;
        this.observer = observer;
        this.wake = wake;
    }

    /** {@return whether the cluster was seen after the last change} */
    boolean areSeen() {
        return underWay == 0 && observer.clusterAskedAt().isAfter(changedAt);
    }

    /** Makes a change. */
    void make(ClusterChange change, Commands.Done done) {
        underWay++;
        calls.call(
                executor,
                Defaults.CLUSTER_DEADLINE,
                ErrorKind.OUTCOME_UNKNOWN,
                "changing " + change.subject(),
                () -> {
                    if (!coordinator.mayActNow()) {
                        throw new MicadoException(ErrorKind.CONFLICT, "not done: " + coordinator.whyNotActing());
                    }
                    cluster.apply(change);
                    return true;
                },
                outcome -> {
                    underWay--;
                    changedAt = clock.now();
                    observer.clusterSoon();
                    wake.run();
                    done.accept(outcome.error());
                });
    }
}
