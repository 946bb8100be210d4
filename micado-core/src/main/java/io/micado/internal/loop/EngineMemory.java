package io.micado.internal.loop;

import io.micado.api.error.MicadoException;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.TargetId;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.memory.MemoryCodec.Saved;
import io.micado.internal.plan.Action;
import io.micado.internal.plan.Hold;
import io.micado.internal.plan.PlannerMemory;
import io.micado.internal.state.WorkerTracker;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The planner's memory, and everything that changes it between two passes. Confined to the loop thread.
 */
final class EngineMemory {
    private final MemoryKeeper keeper;
    private @Nullable PlannerMemory planner;
    private final ReplicaStarts replicaStarts = new ReplicaStarts();

    EngineMemory(MemoryKeeper keeper) {
        this.keeper = keeper;
    }

    boolean isLoaded() {
        return planner != null;
    }

    PlannerMemory planner() {
        PlannerMemory known = planner;
        if (known == null) {
            throw new IllegalStateException("memory was not loaded yet");
        }
        return known;
    }

    /** Takes what the last program remembered. A gap since then makes stabilization windows begin anew. */
    void loaded(Optional<Saved> saved, Instant now) {
        planner = saved.map(Saved::planner)
                .orElseGet(() -> PlannerMemory.startingAt(now))
                .observedSince(now);
    }

    /** After a while without a view of the cluster, nobody knows what the load was in between. */
    void noticeGap(Instant now, boolean clusterKnown, Instant lastKnownPass, Duration gap) {
        if (clusterKnown && lastKnownPass.isBefore(now.minus(gap))) {
            planner = planner().observedSince(now);
        }
    }

    /** Learns lead times from what became ready, and what gives no machines although its launches are accepted. */
    void learn(Observation seen, Instant now) {
        for (String pool : seen.tracking().unlisted()) {
            planner = planner().neverJoined(pool, now);
        }
        for (WorkerTracker.FailedLaunch launch : seen.tracking().failed()) {
            planner = planner()
                    .launchFailed(
                            launch.pool(),
                            launch.offering(),
                            launch.failure().kind(),
                            Optional.empty(),
                            launch.failure().message(),
                            now);
        }
        seen.tracking().starts().forEach((id, took) -> {
            Worker worker = seen.state().workers().get(id);
            if (worker != null && worker.offering().isPresent()) {
                planner = planner().workerReady(worker.pool(), worker.offering().get(), took.toMillis() / 1000.0);
            }
        });
        if (seen.state().clusterKnown()) {
            replicaStarts
                    .learn(seen.state().cluster(), now)
                    .forEach((service, took) ->
                            planner = planner().replicaStarted(TargetId.service(service), took.toMillis() / 1000.0));
        }
    }

    void planned(PlannerMemory next, boolean acted) {
        planner = acted ? next : next.asIfNothingWasDone(planner());
    }

    void scaled(Action.ScaleService action, Instant now) {
        if (action.replicas() > action.expected()) {
            replicaStarts.grows(action.service(), action.replicas(), now);
        } else {
            replicaStarts.shrinks(action.service());
        }
    }

    void scaleFailed(Action.ScaleService action) {
        planner = planner().changeFailed(TargetId.service(action.service()));
    }

    void launchAccepted(Action.Launch action) {
        planner = planner().launchAccepted(action.pool(), action.offering().name());
    }

    /** Lets the offering rest, and every other one that would fail in the same way. */
    void launchFailed(Collection<WorkerPool> pools, Action.Launch action, MicadoException error, Instant now) {
        Offering failed = action.offering();
        for (WorkerPool pool : pools) {
            for (Offering offering : pool.offerings()) {
                boolean same =
                        pool.name().equals(action.pool()) && offering.name().equals(failed.name());
                boolean alike =
                        error.kind().concernsWholeCloud() && offering.cloud().equals(failed.cloud());
                if (same || alike) {
                    launchFailed(pool, offering, error, now);
                }
            }
        }
    }

    private void launchFailed(WorkerPool pool, Offering offering, MicadoException error, Instant now) {
        planner = planner()
                .launchFailed(
                        pool.name(),
                        offering.name(),
                        error.kind(),
                        error.retryAfter(),
                        String.valueOf(error.getMessage()),
                        now);
    }

    void hold(TargetId target, Hold hold) {
        planner = planner().withHold(target, hold);
    }

    void release(TargetId target) {
        planner = planner().withoutHold(target);
    }

    /** {@return the holds in force} */
    Map<TargetId, Hold> holds(Instant now) {
        Map<TargetId, Hold> holds = new HashMap<>();
        if (isLoaded()) {
            planner()
                    .targets()
                    .forEach((target, memory) -> memory.hold()
                            .filter(hold -> !hold.endedBy(now))
                            .ifPresent(hold -> holds.put(target, hold)));
        }
        return holds;
    }

    void sentAway(String pool, WorkerId worker) {
        planner = planner().withSentAway(pool, worker);
    }

    void saveIfDue(Instant now, InfrastructureId identity, Map<TargetId, PolicyState> policies) {
        keeper.saveIfDue(now, identity.value(), planner(), policies);
    }
}
