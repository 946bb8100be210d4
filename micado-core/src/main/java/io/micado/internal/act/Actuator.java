package io.micado.internal.act;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cluster;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.PortRule;
import io.micado.api.worker.WorkerPool;
import io.micado.internal.call.Calls;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out actions, at most one at a time for each subject, and keeps a subject busy until what was done to it has been
 * observed, or while it rests because that keeps failing. Confined to the loop thread.
 */
public final class Actuator {
    private final Supplier<Instant> now;
    private final FailingSubjects results;
    private final PortEffect ports;
    private final FinishEffect finish;
    private final LaunchEffect launch;
    private final RetireEffect retire;
    private final LeftoverEffect removeLeftover;
    private final ClusterEffect change;
    private final Set<String> running = new HashSet<>();
    private final Map<String, Ended> unobserved = new HashMap<>();
    private final Map<String, CloudAccess> clouds;
    /** How many launches are under way on a cloud. */
    private final Map<String, Integer> launching = new HashMap<>();
    /** How many leftovers that cost nothing, such as the group of the machines, are being removed on a cloud. */
    private final Map<String, Integer> clearing = new HashMap<>();
    /** When the last launch on a cloud ended, until the cloud has to have listed its machine. */
    private final Map<String, Instant> launched = new HashMap<>();

    /** When an effect ended, and which source has to be read after that before its subject is planned for again. */
    private record Ended(Instant at, String source) {}

    /** The source name of the cluster in {@link #observed}. */
    public static final String CLUSTER = "";

    /**
     * Creates an actuator.
     *
     * @param holder this program's unique name, from which worker ids are made
     * @param clouds the clouds and the threads that call them, by name
     * @param now the time of passes
     * @param told hears what became of effects
     */
    public Actuator(
            String infrastructureName,
            String holder,
            Map<String, WorkerPool> pools,
            Cluster cluster,
            BoundedExecutor clusterExecutor,
            Map<String, CloudAccess> clouds,
            Coordinator coordinator,
            Calls calls,
            Timekeeper time,
            Supplier<Instant> now,
            EffectResults told) {
        this.now = now;
        results = new FailingSubjects(now, told);
        this.clouds = clouds;
        Effects effects = new Effects(calls, coordinator, cluster, clusterExecutor, clouds, time);
        ports = new PortEffect(effects, cluster, clouds, results);
        finish = new FinishEffect(effects, results);
        launch = new LaunchEffect(
                effects, cluster, ports, infrastructureName, pools, new WorkerIds(holder), time::wallClock, results);
        retire = new RetireEffect(effects, results);
        removeLeftover = new LeftoverEffect(effects, results);
        change = new ClusterEffect(effects, time::wallClock, results);
    }

    /**
     * Brings the firewalls of clouds on which machines are to these rules, where they are not; returns at once. Those of the other
     * clouds follow before the first launch there.
     *
     * @param rules what workers take
     * @param managers the addresses of the manager nodes
     * @param inUse the clouds on which machines are
     * @param infrastructure whose machines
     */
    public void keepPorts(
            List<PortRule> rules, Set<String> managers, Set<String> inUse, InfrastructureId infrastructure) {
        ports.keep(rules, managers, inUse, infrastructure);
    }

    /**
     * Gives machines on a cloud what their launch could not give them; returns at once.
     *
     * @param listed when the list was asked for that shows that something is missing; there is one call for each
     */
    public void finish(String cloud, Instant listed, InfrastructureId infrastructure) {
        finish.start(cloud, listed, infrastructure);
    }

    /** Starts all actions whose subjects are not busy; returns at once. */
    public void carryOut(List<Action> actions) {
        Set<String> resting = results.resting();
        for (Action action : actions) {
            String subject = action.subject();
            boolean busy = running.contains(subject) || unobserved.containsKey(subject) || resting.contains(subject);
            if (!busy && !waits(action)) {
                running.add(action.subject());
                start(action);
            }
        }
    }

    /**
     * What a list without the machine of a launch calls a leftover may be what the launch needs: the group of the machines, which
     * costs nothing. So removing that one and launching exclude each other, and so do launching and replacing the token that a launch hands out.
     */
    private boolean waits(Action action) {
        if (action instanceof Action.Launch starting) {
            return running.contains(Action.RotateJoinToken.SUBJECT)
                    || starting.clouds().stream().anyMatch(clearing::containsKey);
        }
        if (action instanceof Action.RotateJoinToken) {
            return !launching.isEmpty();
        }
        return action instanceof Action.RemoveLeftover removing
                && !removing.leftover().costs()
                && (launching.containsKey(removing.leftover().cloud())
                        || launched.containsKey(removing.leftover().cloud()));
    }

    private void removeLeftover(Action.RemoveLeftover action) {
        String cloud = action.leftover().cloud();
        if (action.leftover().costs()) {
            removeLeftover.start(action, () -> ended(action, cloud));
            return;
        }
        ports.forget(cloud);
        clearing.merge(cloud, 1, Integer::sum);
        removeLeftover.start(action, () -> {
            clearing.computeIfPresent(cloud, Actuator::oneLess);
            ended(action, cloud);
        });
    }

    private void launch(Action.Launch action) {
        // On which of its clouds it launches in the end only their answers tell.
        action.clouds().forEach(cloud -> launching.merge(cloud, 1, Integer::sum));
        launch.start(action, () -> {
            action.clouds().forEach(cloud -> {
                launching.computeIfPresent(cloud, Actuator::oneLess);
                launched.put(cloud, now.get());
            });
            ended(action, action.offering().cloud());
        });
    }

    private static @Nullable Integer oneLess(String name, Integer count) {
        return count > 1 ? count - 1 : null;
    }

    private void start(Action action) {
        if (action instanceof Action.Launch starting) {
            launch(starting);
        } else if (action instanceof Action.Retire retiring) {
            retire.start(
                    retiring,
                    () -> ended(action, retiring.machine().map(m -> m.cloud()).orElse(CLUSTER)));
        } else if (action instanceof Action.RemoveLeftover removing) {
            removeLeftover(removing);
        } else {
            change.changeOf(action)
                    .ifPresentOrElse(asChange -> change.start(action, asChange, () -> ended(action, CLUSTER)), () -> {
                        results.failed(
                                action,
                                new MicadoException(ErrorKind.INTERNAL, "there is no effect for " + action.subject()));
                        ended(action, CLUSTER);
                    });
        }
    }

    private void ended(Action action, String source) {
        running.remove(action.subject());
        // An intent is visible in our own record at once: nothing has to be observed before the next launch.
        if (!(action instanceof Action.Launch)) {
            unobserved.put(action.subject(), new Ended(now.get(), source));
        }
    }

    /**
     * Takes notice that a source was read.
     *
     * @param source {@link #CLUSTER} or the name of a cloud
     * @param askedAt when the answer was asked for
     */
    public void observed(String source, Instant askedAt) {
        unobserved.values().removeIf(ended -> ended.source().equals(source) && askedAt.isAfter(ended.at()));
        launched.computeIfPresent(source, (name, at) -> askedAt.isAfter(at.plus(listLag(name))) ? null : at);
    }

    private Duration listLag(String cloud) {
        CloudAccess access = clouds.get(cloud);
        return access == null ? Duration.ZERO : access.cloud().traits().listLag();
    }

    /** {@return the subjects for which nothing is to be planned now} */
    public Set<String> busy() {
        Set<String> busy = new HashSet<>(running);
        busy.addAll(unobserved.keySet());
        busy.addAll(results.resting());
        return busy;
    }

    /** {@return whether nothing is on its way} */
    public boolean isIdle() {
        return running.isEmpty();
    }
}
