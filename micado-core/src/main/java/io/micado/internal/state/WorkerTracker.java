package io.micado.internal.state;

import io.micado.api.event.MicadoEvent;
import io.micado.api.service.Resources;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.MachineList;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import io.micado.internal.lease.CoordinationRecord;
import io.micado.internal.lease.LaunchIntent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Joins intents, machines and nodes to workers and derives where each is in its life. Confined to the loop thread.
 *
 * <p>It remembers only when it saw what first; everything else is derived anew in every pass, so that a restart loses nothing
 * but ages.
 */
public final class WorkerTracker {
    private final Map<String, WorkerPool> pools;
    private final BiFunction<String, String, Optional<Resources>> offeringCapacity;
    private final Map<WorkerId, Tracked> tracked = new HashMap<>();
    private final ReturnedMachines returned = new ReturnedMachines();
    private final Strangers strangers = new Strangers();

    private static final class Tracked {
        private final Instant firstSeen;
        private WorkerState state;
        private Instant since;
        private boolean listed;
        private boolean joined;
        private String pool;

        private Tracked(Instant now, WorkerState state, String pool) {
            firstSeen = now;
            this.state = state;
            since = now;
            this.pool = pool;
        }
    }

    /**
     * What one pass knows of a worker's parts.
     *
     * @param machine its machine, if it exists
     * @param dead its machine, if the cloud lists it as gone
     */
    private record Parts(
            WorkerId id,
            @Nullable LaunchIntent intent,
            @Nullable Machine machine,
            @Nullable Machine dead,
            @Nullable Node node,
            boolean cloudKnown,
            @Nullable String leaving) {
        private Parts with(Node other) {
            return new Parts(id, intent, machine, dead, other, cloudKnown, leaving);
        }

        private Optional<MachineFailure> failure() {
            Machine told = machine == null ? dead : machine;
            return told == null ? Optional.empty() : told.failure();
        }
    }

    /** How a worker's state was derived. */
    private record Derived(WorkerState state, String reason) {}

    /**
     * A pass's result.
     *
     * @param workers our workers, by id
     * @param foreignNodes nodes that are not ours
     * @param unmatchedNodes foreign nodes that may be the node of a machine that has not joined
     * @param unlabelled workers whose node does not carry our labels yet
     * @param ended workers whose launch intent is of no use any more: listed, or given up
     * @param gone workers that were leaving and have left
     * @param events what changed
     * @param starts how long workers took from their launch to ready, for those that became ready now
     * @param failed launches that the cloud had accepted, and whose machine failed now, before it has joined
     */
    public record Tracking(
            Map<WorkerId, Worker> workers,
            List<Node> foreignNodes,
            List<Node> unmatchedNodes,
            List<Worker> unlabelled,
            Set<WorkerId> ended,
            Set<WorkerId> gone,
            List<MicadoEvent> events,
            Map<WorkerId, Duration> starts,
            List<FailedLaunch> failed) {}

    /**
     * A launch that the cloud had accepted and that came to nothing.
     *
     * @param pool the pool
     * @param offering the offering's name
     * @param failure what the cloud says of the machine
     */
    public record FailedLaunch(String pool, String offering, MachineFailure failure) {}

    /**
     * Creates a tracker.
     *
     * @param offeringCapacity the capacity of a pool's offering by pool and offering name, where it is known
     */
    public WorkerTracker(
            Map<String, WorkerPool> pools, BiFunction<String, String, Optional<Resources>> offeringCapacity) {
        this.pools = pools;
        this.offeringCapacity = offeringCapacity;
    }

    /** Takes notice of a machine that a launch returned; it counts until a list has shown it, or had the time to. */
    public void launched(WorkerId worker, Machine machine, Instant now) {
        Tracked life = tracked.get(worker);
        // A list may show a machine before its launch is answered, and then show it no more.
        if (life == null || !life.listed) {
            returned.add(worker, machine, now);
        }
    }

    /** Joins everything that is known at the time of a pass. */
    public Tracking track(
            Instant now,
            Instant wallClock,
            CoordinationRecord record,
            Map<String, CloudReading> clouds,
            ClusterView cluster) {
        Set<WorkerId> listed = new HashSet<>();
        Map<WorkerId, Machine> machines = machines(clouds, listed);
        Matching matching = new Matching(
                record.infrastructure(),
                cluster.nodes(),
                machines,
                record.launches().keySet());
        Set<WorkerId> ids = new HashSet<>(record.launches().keySet());
        ids.addAll(record.leaves().keySet());
        ids.addAll(machines.keySet());
        ids.addAll(matching.nodes().keySet());
        List<WorkerId> inOrder = new ArrayList<>(ids);
        inOrder.sort(Comparator.naturalOrder());

        Map<WorkerId, Worker> workers = new LinkedHashMap<>();
        Set<WorkerId> ended = new LinkedHashSet<>();
        Set<WorkerId> gone = new LinkedHashSet<>();
        List<MicadoEvent> events = new ArrayList<>();
        Map<WorkerId, Duration> starts = new LinkedHashMap<>();
        List<FailedLaunch> failed = new ArrayList<>();
        List<Worker> unlabelled = new ArrayList<>();
        for (WorkerId id : inOrder) {
            Parts parts = parts(id, record, clouds, machines, matching);
            if (parts.intent() != null && intentEnded(parts, now, clouds, listed)) {
                ended.add(id);
            }
            Derived derived = derive(parts, ended.contains(id));
            if (derived.state() == WorkerState.GONE) {
                gone.add(id);
                // One that was sent away before any list showed it must not come back from what its launch returned.
                returned.remove(id);
            }
            failedLaunch(parts, derived).ifPresent(launch -> {
                failed.add(launch);
                events.add(failure(launch, wallClock));
            });
            Tracked life = follow(parts, derived, now, wallClock, events, starts);
            life.listed |= listed.contains(id);
            if (derived.state() == WorkerState.GONE) {
                continue;
            }
            Node node = parts.node();
            boolean unmarked = node != null && !NodeMarks.isMarked(node, record.infrastructure());
            if (node != null && unmarked) {
                // The labels are about to be written: tasks that ask for them must not seem to have no place meanwhile.
                parts = parts.with(NodeMarks.marked(node, NodeMarks.of(record.infrastructure(), id, life.pool)));
            }
            Worker worker = worker(parts, derived, life, now);
            workers.put(id, worker);
            if (unmarked) {
                unlabelled.add(worker);
            }
        }
        forget(ids, wallClock, events);
        List<Node> foreign = cluster.nodes().stream()
                .filter(node -> !matching.isMatched(node.id()))
                .toList();
        strangers.see(foreign, now);
        Map<WorkerId, Instant> waiting = waiting(workers);
        List<Node> unmatched = strangers.mayBelongTo(waiting, foreign);
        strangers.tell(unmatched, waiting.keySet(), now, wallClock, events);
        return new Tracking(workers, foreign, unmatched, unlabelled, ended, gone, events, starts, failed);
    }

    /** All machines by worker: what the clouds list, and what launches returned and no list shows yet. */
    private Map<WorkerId, Machine> machines(Map<String, CloudReading> clouds, Set<WorkerId> listed) {
        Map<WorkerId, Machine> machines = new LinkedHashMap<>();
        for (CloudReading reading : clouds.values()) {
            for (Machine machine : reading.list().map(MachineList::machines).orElse(List.of())) {
                machine.worker().ifPresent(worker -> {
                    listed.add(worker);
                    // A worker that was launched twice by a crash has two machines: the one that exists counts.
                    machines.merge(worker, machine, (a, b) -> b.status().exists() ? b : a);
                });
            }
        }
        returned.settle(clouds, listed);
        returned.forEach(machines::putIfAbsent);
        return machines;
    }

    private Parts parts(
            WorkerId id,
            CoordinationRecord record,
            Map<String, CloudReading> clouds,
            Map<WorkerId, Machine> machines,
            Matching matching) {
        LaunchIntent intent = record.launches().get(id);
        Machine listed = machines.get(id);
        boolean exists = listed != null && listed.status().exists();
        Machine machine = exists ? listed : null;
        Node node = matching.nodes().get(id);
        return new Parts(
                id,
                intent,
                machine,
                exists ? null : listed,
                node,
                cloudKnown(intent, machine, poolOf(intent, machine, node), clouds),
                record.leaves().get(id));
    }

    private boolean cloudKnown(
            @Nullable LaunchIntent intent,
            @Nullable Machine machine,
            String poolName,
            Map<String, CloudReading> clouds) {
        if (machine != null) {
            return known(machine.id().cloud(), clouds);
        }
        if (intent != null) {
            return known(intent.cloud(), clouds);
        }
        WorkerPool pool = pools.get(poolName);
        return pool == null
                ? clouds.values().stream().allMatch(CloudReading::known)
                : pool.offerings().stream().allMatch(offering -> known(offering.cloud(), clouds));
    }

    private static boolean known(String cloud, Map<String, CloudReading> clouds) {
        CloudReading reading = clouds.get(cloud);
        return reading != null && reading.known();
    }

    /** An intent has served its purpose when the cloud lists the machine, or when it had the time to and does not. */
    private boolean intentEnded(Parts parts, Instant now, Map<String, CloudReading> clouds, Set<WorkerId> listed) {
        LaunchIntent intent = parts.intent();
        if (intent == null) {
            return false;
        }
        CloudReading reading = clouds.get(intent.cloud());
        if (reading == null || !reading.known() || reading.list().isEmpty()) {
            return false;
        }
        Tracked life = tracked.get(parts.id());
        return listed.contains(parts.id()) || reading.hadTheTimeToList(life == null ? now : life.firstSeen);
    }

    private Derived derive(Parts parts, boolean intentEnded) {
        Machine machine = parts.machine();
        Node node = parts.node();
        if (parts.leaving() != null) {
            if (machine == null && node == null && parts.cloudKnown()) {
                return new Derived(WorkerState.GONE, parts.leaving());
            }
            return new Derived(node == null ? WorkerState.TERMINATING : WorkerState.LEAVING, parts.leaving());
        }
        if (machine != null && machine.status() == MachineStatus.TERMINATING) {
            return new Derived(WorkerState.TERMINATING, "the cloud is deleting it");
        }
        if (node == null) {
            return withoutNode(parts, machine, intentEnded);
        }
        if (machine == null && parts.intent() == null && parts.cloudKnown()) {
            return new Derived(WorkerState.LOST, "its machine has vanished from the cloud");
        }
        if (machine != null && !machine.status().isUsable()) {
            return new Derived(WorkerState.LOST, unusable(machine));
        }
        return withNode(parts.id(), node);
    }

    private Derived withoutNode(Parts parts, @Nullable Machine machine, boolean intentEnded) {
        if (machine == null) {
            String why = parts.failure()
                    .map(failure -> "its machine has ended: " + failure.message())
                    .orElse("the cloud does not list it");
            return intentEnded || parts.intent() == null
                    ? new Derived(WorkerState.GONE, why)
                    : new Derived(WorkerState.REQUESTED, "its launch was asked for");
        }
        if (!machine.status().isUsable()) {
            return new Derived(WorkerState.LOST, unusable(machine));
        }
        Tracked life = tracked.get(parts.id());
        if (life != null && life.joined) {
            return new Derived(WorkerState.LOST, "its node has left the cluster");
        }
        return machine.status() == MachineStatus.PENDING
                ? new Derived(WorkerState.BOOTING, "its machine boots")
                : new Derived(WorkerState.JOINING, "its machine runs and has not joined yet");
    }

    private static String unusable(Machine machine) {
        return "the cloud reports its machine as " + machine.status()
                + machine.failure().map(failure -> ": " + failure.message()).orElse("");
    }

    /** Of a worker that this program sees for the first time, only an open intent tells that it has not joined yet. */
    private Optional<FailedLaunch> failedLaunch(Parts parts, Derived derived) {
        Tracked life = tracked.get(parts.id());
        boolean wasArriving = life == null ? parts.intent() != null : life.state.isArriving() && !life.joined;
        boolean ended = derived.state() == WorkerState.LOST || derived.state() == WorkerState.GONE;
        if (!wasArriving || !ended || parts.node() != null || parts.failure().isEmpty()) {
            return Optional.empty();
        }
        Machine machine = parts.machine() == null ? parts.dead() : parts.machine();
        String pool = poolOf(parts.intent(), machine, null);
        return offeringOf(parts, pool)
                .map(offering ->
                        new FailedLaunch(pool, offering, parts.failure().get()));
    }

    private static MicadoEvent failure(FailedLaunch launch, Instant wallClock) {
        String subject = "launch of " + launch.offering() + " for pool " + launch.pool();
        return new MicadoEvent.EffectFailed(
                wallClock,
                subject,
                launch.failure().kind(),
                subject + ": " + launch.failure().message());
    }

    private Derived withNode(WorkerId id, Node node) {
        if (node.status() == Node.Status.DOWN) {
            return new Derived(WorkerState.LOST, "its node does not answer");
        }
        if (node.status() == Node.Status.UNKNOWN) {
            Tracked life = tracked.get(id);
            return new Derived(life == null ? WorkerState.JOINING : life.state, "the manager cannot tell its state");
        }
        String why = node.labels().getOrDefault(Tags.DRAIN_REASON, "set by a person");
        return switch (node.availability()) {
            case ACTIVE -> new Derived(WorkerState.READY, "its node takes tasks");
            case PAUSE -> new Derived(WorkerState.CORDONED, why);
            case DRAIN -> new Derived(WorkerState.DRAINING, why);
        };
    }

    private Tracked follow(
            Parts parts,
            Derived derived,
            Instant now,
            Instant wallClock,
            List<MicadoEvent> events,
            Map<WorkerId, Duration> starts) {
        String pool = poolOf(parts.intent(), parts.machine(), parts.node());
        Tracked life = tracked.get(parts.id());
        boolean isNew = life == null;
        if (life == null) {
            life = new Tracked(now, derived.state(), pool);
            tracked.put(parts.id(), life);
        }
        if (!pool.isEmpty()) {
            life.pool = pool;
        }
        if (isNew || life.state != derived.state()) {
            WorkerState from = isNew ? WorkerState.GONE : life.state;
            if (from != derived.state()) {
                events.add(new MicadoEvent.WorkerChanged(
                        wallClock, parts.id(), life.pool, from, derived.state(), derived.reason()));
            }
            if (!isNew && from.isArriving() && derived.state() == WorkerState.READY) {
                starts.put(parts.id(), Duration.between(life.firstSeen, now));
            }
            life.state = derived.state();
            life.since = now;
        }
        life.joined |= parts.node() != null;
        return life;
    }

    private Worker worker(Parts parts, Derived derived, Tracked life, Instant now) {
        Optional<String> offering = offeringOf(parts, life.pool);
        Optional<Resources> promised = offering.flatMap(name -> offeringCapacity.apply(life.pool, name));
        if (promised.isEmpty() && parts.machine() != null) {
            promised = parts.machine().capacity();
        }
        Resources capacity = parts.node() == null
                ? promised.orElse(Resources.ZERO)
                : promised.map(parts.node().capacity()::min).orElse(parts.node().capacity());
        return new Worker(
                parts.id(),
                life.pool,
                derived.state(),
                Duration.between(life.since, now),
                capacity,
                offering,
                Optional.ofNullable(parts.machine()),
                Optional.ofNullable(parts.node()),
                derived.reason());
    }

    private Optional<String> offeringOf(Parts parts, String poolName) {
        if (parts.intent() != null) {
            return Optional.of(parts.intent().offering());
        }
        WorkerPool pool = pools.get(poolName);
        Machine machine = parts.machine() == null ? parts.dead() : parts.machine();
        if (pool == null || machine == null) {
            return Optional.empty();
        }
        for (Offering offering : pool.offerings()) {
            if (offering.instanceType().equals(machine.instanceType())
                    && offering.cloud().equals(machine.id().cloud())) {
                return Optional.of(offering.name());
            }
        }
        return Optional.empty();
    }

    private String poolOf(@Nullable LaunchIntent intent, @Nullable Machine machine, @Nullable Node node) {
        if (intent != null) {
            return intent.pool();
        }
        if (machine != null && machine.pool().isPresent()) {
            return machine.pool().get();
        }
        if (node != null) {
            return node.labels().getOrDefault(Tags.POOL, node.engineLabels().getOrDefault(Tags.POOL, ""));
        }
        return "";
    }

    private void forget(Set<WorkerId> present, Instant wallClock, List<MicadoEvent> events) {
        tracked.entrySet().removeIf(entry -> {
            Tracked life = entry.getValue();
            boolean absent = !present.contains(entry.getKey());
            if (absent && life.state != WorkerState.GONE) {
                events.add(new MicadoEvent.WorkerChanged(
                        wallClock, entry.getKey(), life.pool, life.state, WorkerState.GONE, "nothing of it is left"));
            }
            return absent;
        });
    }

    /** Since when the workers are known whose machine runs and has not joined. */
    private Map<WorkerId, Instant> waiting(Map<WorkerId, Worker> workers) {
        Map<WorkerId, Instant> waiting = new TreeMap<>();
        workers.forEach((id, worker) -> {
            Tracked life = tracked.get(id);
            if (worker.state() == WorkerState.JOINING && life != null) {
                waiting.put(id, life.firstSeen);
            }
        });
        return waiting;
    }
}
