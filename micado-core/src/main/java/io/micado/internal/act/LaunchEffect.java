package io.micado.internal.act;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.call.Outcome;
import io.micado.internal.lease.CoordinationRecord;
import io.micado.internal.lease.LaunchIntent;
import io.micado.internal.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Launches workers: chooses their ids, saves the intents, asks how to join, calls the cloud, ends the intents of those that
 * surely failed, and goes on with the next offering for these. Confined to the loop thread.
 */
final class LaunchEffect {
    private final Effects effects;
    private final Cluster cluster;
    private final PortEffect ports;
    private final String infrastructureName;
    private final Map<String, WorkerPool> pools;
    private final WorkerIds ids;
    private final Supplier<Instant> wallClock;
    private final EffectResults results;

    LaunchEffect(
            Effects effects,
            Cluster cluster,
            PortEffect ports,
            String infrastructureName,
            Map<String, WorkerPool> pools,
            WorkerIds ids,
            Supplier<Instant> wallClock,
            EffectResults results) {
        this.effects = effects;
        this.cluster = cluster;
        this.ports = ports;
        this.infrastructureName = infrastructureName;
        this.pools = pools;
        this.ids = ids;
        this.wallClock = wallClock;
        this.results = results;
    }

    void start(Action.Launch action, Runnable ended) {
        start(List.of(action), Set.of(), ended);
    }

    /** Starts launches one after the other, the first one together with the end of former intents. */
    private void start(List<Action.Launch> actions, Set<WorkerId> over, Runnable ended) {
        Action.Launch action = actions.get(0);
        List<Action.Launch> others = actions.subList(1, actions.size());
        start(action, over, others.isEmpty() ? ended : () -> start(others, Set.of(), ended));
    }

    private void start(Action.Launch action, Set<WorkerId> over, Runnable ended) {
        List<LaunchIntent> intents = new ArrayList<>();
        for (int i = 0; i < action.count(); i++) {
            intents.add(new LaunchIntent(
                    ids.next(),
                    action.pool(),
                    action.offering().name(),
                    action.offering().cloud(),
                    wallClock.get()));
        }
        effects.coordinator().save(record -> record.launchesEnded(over).launching(intents), saved -> {
            if (saved.succeeded()) {
                askHowToJoin(action, intents, saved.get().infrastructure(), ended);
            } else {
                results.failed(action, saved.failure());
                ended.run();
            }
        });
    }

    private void askHowToJoin(
            Action.Launch action, List<LaunchIntent> intents, InfrastructureId infrastructure, Runnable ended) {
        effects.askCluster("asking how workers join", cluster::joinInfo, join -> {
            if (join.succeeded()) {
                openPorts(action, intents, infrastructure, join.get(), ended);
            } else {
                endIntents(workers(intents));
                results.failed(action, join.failure());
                ended.run();
            }
        });
    }

    private void openPorts(
            Action.Launch action,
            List<LaunchIntent> intents,
            InfrastructureId infrastructure,
            JoinInfo join,
            Runnable ended) {
        ports.ensure(action.offering().cloud(), infrastructure, join, opened -> {
            if (opened.succeeded()) {
                launch(action, intents, infrastructure, join, ended);
            } else {
                onLaunched(action, workers(intents), Outcome.failed(opened.failure()), ended);
            }
        });
    }

    private void launch(
            Action.Launch action,
            List<LaunchIntent> intents,
            InfrastructureId infrastructure,
            JoinInfo join,
            Runnable ended) {
        effects.<List<LaunchResult>>callCloud(
                action.offering().cloud(),
                Defaults.LAUNCH_DEADLINE,
                "launching " + action.count() + " of " + action.offering().name(),
                cloud -> {
                    List<LaunchRequest> requests = new ArrayList<>();
                    for (LaunchIntent intent : intents) {
                        requests.add(request(action, intent.worker(), infrastructure, join, cloud.traits()));
                    }
                    return cloud.launch(requests);
                },
                outcome -> onLaunched(action, workers(intents), outcome, ended));
    }

    private LaunchRequest request(
            Action.Launch action, WorkerId worker, InfrastructureId infrastructure, JoinInfo join, CloudTraits traits) {
        WorkerPool pool = pools.get(action.pool());
        if (pool == null) {
            throw new IllegalStateException("a launch was planned for the unknown pool " + action.pool());
        }
        return new LaunchRequest(
                worker,
                action.pool(),
                infrastructure,
                infrastructureName,
                action.offering(),
                join,
                traits.userDataLimit() == 0
                        ? Optional.empty()
                        : pool.bootstrap().userData(worker, LaunchRequest.engineLabels(worker, action.pool()), join));
    }

    private void onLaunched(
            Action.Launch action, Set<WorkerId> asked, Outcome<List<LaunchResult>> outcome, Runnable ended) {
        Map<WorkerId, MicadoException> failures = new LinkedHashMap<>();
        if (outcome.succeeded()) {
            Set<WorkerId> unanswered = new LinkedHashSet<>(asked);
            for (LaunchResult result : outcome.get()) {
                unanswered.remove(result.worker());
                if (result instanceof LaunchResult.Launched launched) {
                    results.launched(action, launched.worker(), launched.machine());
                } else if (result instanceof LaunchResult.Failed failed) {
                    failures.put(failed.worker(), failed.error());
                }
            }
            unanswered.forEach(worker -> failures.put(
                    worker,
                    new MicadoException(
                            ErrorKind.OUTCOME_UNKNOWN, "the cloud plug-in gave no result for worker " + worker)));
        } else {
            asked.forEach(worker -> failures.put(worker, outcome.failure()));
        }
        tell(action, failures.values());
        Map<WorkerId, MicadoException> surelyNot = new LinkedHashMap<>();
        failures.forEach((worker, error) -> {
            if (!error.kind().mayHaveBeenApplied()) {
                surelyNot.put(worker, error);
            }
        });
        goOn(action, surelyNot, ended);
    }

    /** Twenty launches that one wrong password has refused are one thing to hear of. */
    private void tell(Action.Launch action, Collection<MicadoException> failures) {
        Map<ErrorKind, List<MicadoException>> byKind = new LinkedHashMap<>();
        failures.forEach(error ->
                byKind.computeIfAbsent(error.kind(), none -> new ArrayList<>()).add(error));
        byKind.values()
                .forEach(alike -> results.launchFailed(
                        action,
                        alike.size(),
                        alike.stream()
                                .max(Comparator.comparing(LaunchEffect::wait))
                                .orElseThrow()));
    }

    private static Duration wait(MicadoException error) {
        return error.retryAfter().orElse(Duration.ZERO);
    }

    /** What was surely not launched is asked of the next offering that could serve, under new ids. */
    private void goOn(Action.Launch action, Map<WorkerId, MicadoException> surelyNot, Runnable ended) {
        List<Action.Launch> next = Fallback.after(action, surelyNot.values());
        if (next.isEmpty()) {
            endIntents(surelyNot.keySet());
            ended.run();
        } else {
            next.forEach(launch -> results.launchedInstead(action, launch));
            start(next, surelyNot.keySet(), ended);
        }
    }

    private void endIntents(Set<WorkerId> workers) {
        if (!workers.isEmpty()) {
            // If this is not saved, the intents end by themselves once the cloud had the time to list the machines.
            effects.coordinator().save((CoordinationRecord record) -> record.launchesEnded(workers), saved -> {});
        }
    }

    private static Set<WorkerId> workers(List<LaunchIntent> intents) {
        Set<WorkerId> workers = new LinkedHashSet<>();
        intents.forEach(intent -> workers.add(intent.worker()));
        return workers;
    }
}
