package io.micado.internal.loop;

import io.micado.api.service.ServiceState;
import io.micado.api.spi.ClusterView;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerState;
import io.micado.internal.loop.Observer.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the cluster between two passes while something is under way there, and asks for a pass when something has changed: not
 * every orchestrator tells of every task that starts and every node that joins. Confined to the loop thread.
 *
 * <p>A look reads the cluster and nothing else. What is under way for longer than {@link #PATIENCE}, such as a task that fits
 * nowhere, is left to the regular passes.
 */
final class Lookout {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** Long enough for a machine to boot. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Timekeeper time;
    private final Executor loop;
    private final SteadyClock clock;
    private final Observer observer;
    private final Runnable changed;
    private Set<String> underWay = Set.of();
    private Instant underWaySince = Instant.EPOCH;
    private @Nullable ClusterView known;
    private @Nullable Cancellable next;

    /**
     * Creates one.
     *
     * @param changed asks for a pass
     */
    Lookout(Timekeeper time, Executor loop, SteadyClock clock, Observer observer, Runnable changed) {
        this.time = time;
        this.loop = loop;
        this.clock = clock;
        this.observer = observer;
        this.changed = changed;
    }

    /** Takes notice of what a pass saw. */
    void seen(Observation seen, boolean destroying) {
        known = seen.state().cluster();
        Set<String> now = underWay(seen, destroying);
        if (!now.equals(underWay)) {
            underWay = now;
            underWaySince = clock.now();
        }
        lookAgainIfWorthIt();
    }

    void close() {
        underWay = Set.of();
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void lookAgainIfWorthIt() {
        boolean worthIt = !underWay.isEmpty() && clock.now().isBefore(underWaySince.plus(PATIENCE));
        if (worthIt && next == null) {
            next = time.schedule(BETWEEN_LOOKS, () -> loop.execute(this::look));
        }
    }

    private void look() {
        next = null;
        if (!underWay.isEmpty()) {
            observer.lookAtCluster(this::looked);
            lookAgainIfWorthIt();
        }
    }

    private void looked() {
        ClusterView before = known;
        if (before != null
                && observer.clusterView().filter(view -> !isSame(view, before)).isPresent()) {
            changed.run();
        }
    }

    private static boolean isSame(ClusterView one, ClusterView other) {
        return one.quorum() == other.quorum()
                && one.nodes().equals(other.nodes())
                && one.services().equals(other.services())
                && one.tasks().equals(other.tasks());
    }

    /** Workers that come or go, and services that do not run as many replicas as they should. */
    private static Set<String> underWay(Observation seen, boolean destroying) {
        Set<String> subjects = new HashSet<>();
        for (Worker worker : seen.state().workers().values()) {
            if (destroying || isOnItsWay(worker.state())) {
                subjects.add(worker.id() + " " + worker.state());
            }
        }
        for (ServiceState service : seen.state().cluster().services()) {
            if (service.mode() == ServiceState.Mode.REPLICATED
                    && service.desiredReplicas() != seen.running(service.name())) {
                subjects.add("service " + service.name() + " " + service.desiredReplicas());
            }
        }
        return subjects;
    }

    private static boolean isOnItsWay(WorkerState state) {
        return state.isArriving() || state.isDrainingCancellable() || state == WorkerState.LEAVING;
    }
}
