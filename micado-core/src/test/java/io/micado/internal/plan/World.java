package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/** A little cluster and cloud for tests of the planner: what is planned comes true at once, and new tasks are spread as Swarm spreads them. */
final class World {
    static final Resources SMALL = Resources.ofMebibytes(4, 8192);
    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    final Planner planner = new TwoLevelPlanner();
    final Map<String, WorkerPool> pools = new LinkedHashMap<>();
    final TreeMap<WorkerId, Member> members = new TreeMap<>();
    final TreeMap<String, Service> services = new TreeMap<>();
    final List<Task> tasks = new ArrayList<>();
    final List<Node> foreignNodes = new ArrayList<>();
    final List<Node> unmatchedNodes = new ArrayList<>();
    final Set<String> unknownClouds = new LinkedHashSet<>();
    final Set<String> busy = new LinkedHashSet<>();
    final Map<String, List<WorkerId>> releaseOrder = new HashMap<>();
    final Map<WorkerId, Boolean> guardAnswers = new HashMap<>();
    final Map<String, MeasuredUse> measuredUse = new HashMap<>();
    final List<Leftover> leftovers = new ArrayList<>();
    final Map<TargetId, Recommendation> recommendations = new HashMap<>();
    boolean guardAllows = true;
    boolean clusterKnown = true;
    boolean quorum = true;
    boolean machinesJoin = true;
    Duration startTime = Duration.ofSeconds(60);
    Instant now = START;
    PlannerMemory memory = PlannerMemory.startingAt(START.minus(Duration.ofDays(1)));
    private int nextId;

    /** Lets a service be measured to use this much in each replica. */
    void measure(String service, double cpuCores, long mebibytes) {
        measuredUse.put(
                service, new MeasuredUse(OptionalDouble.of(cpuCores), OptionalDouble.of(mebibytes * 1024.0 * 1024)));
    }

    /** A worker. */
    static final class Member {
        final WorkerId id;
        final String pool;
        final Offering offering;
        WorkerState state;
        Instant since;
        Resources capacity;
        Node.Status status = Node.Status.READY;
        boolean drainedByUs;
        MachineStatus machine = MachineStatus.RUNNING;
        boolean machineVanished;
        Map<String, String> labels = new HashMap<>();
        Map<String, String> engineLabels = Map.of();

        Member(WorkerId id, String pool, Offering offering, WorkerState state, Instant since) {
            this.id = id;
            this.pool = pool;
            this.offering = offering;
            this.state = state;
            this.since = since;
            capacity = offering.capacity().orElse(SMALL);
            labels.put(Tags.WORKER, id.value());
            labels.put(Tags.POOL, pool);
        }

        NodeId nodeId() {
            return new NodeId("node-" + id);
        }

        boolean hasNode() {
            return !state.isArriving();
        }

        Node.Availability availability() {
            return switch (state) {
                case CORDONED -> Node.Availability.PAUSE;
                case DRAINING, LEAVING -> Node.Availability.DRAIN;
                default -> Node.Availability.ACTIVE;
            };
        }

        Node node() {
            Map<String, String> all = new HashMap<>(labels);
            if (drainedByUs) {
                all.put(Tags.DRAIN_SINCE, since.toString());
            }
            return Node.builder(nodeId())
                    .hostname("host-" + id)
                    .status(status)
                    .availability(availability())
                    .capacity(capacity)
                    .labels(all)
                    .engineLabels(engineLabels)
                    .build();
        }
    }

    /** A service. */
    static final class Service {
        final String name;
        Resources reservation = Resources.ofMebibytes(1, 1024);
        Bounds bounds = Bounds.of(0, 1000);
        Behavior behavior = Behavior.IMMEDIATE;
        int replicas;
        int surge;
        boolean surgeOnDrain;
        boolean rebalance;
        boolean updating;
        boolean scaled = true;
        ServiceState.Mode mode = ServiceState.Mode.REPLICATED;
        List<String> constraints = List.of();
        Map<String, String> labels = new HashMap<>();
        Optional<Integer> mostPerNode = Optional.empty();
        List<io.micado.api.service.PublishedPort> ports = List.of();
        PendingCause pendingCause = PendingCause.INSUFFICIENT_RESOURCES;

        Service(String name, int replicas) {
            this.name = name;
            this.replicas = replicas;
        }

        ServiceState state() {
            var builder = ServiceState.builder(name, "id-" + name)
                    .image("image")
                    .mode(mode)
                    .desiredReplicas(replicas)
                    .reservation(reservation)
                    .constraints(constraints)
                    .ports(ports)
                    .labels(labels)
                    .updating(updating);
            mostPerNode.ifPresent(builder::maxReplicasPerNode);
            return builder.build();
        }
    }

    /** A task. */
    static final class Task {
        final String id;
        final String service;
        Phase phase;
        Optional<NodeId> node;

        Task(String id, String service, Phase phase, Optional<NodeId> node) {
            this.id = id;
            this.service = service;
            this.phase = phase;
            this.node = node;
        }
    }

    // ---- making one ----

    static Offering offering(String name, Resources capacity) {
        return Offering.builder("cloud", name).name(name).capacity(capacity).build();
    }

    static WorkerPool.Builder pool(String name, int min, int max) {
        return WorkerPool.builder(name).between(min, max);
    }

    World with(WorkerPool pool) {
        pools.put(pool.name(), pool);
        return this;
    }

    /** A pool of small workers, so many of which are ready. */
    World withPool(String name, int min, int max, int ready) {
        with(pool(name, min, max)
                .offering(offering("small", SMALL))
                .behavior(Behavior.IMMEDIATE)
                .build());
        for (int i = 0; i < ready; i++) {
            add(name, WorkerState.READY);
        }
        return this;
    }

    Member add(String pool, WorkerState state) {
        return add(pool, pools.get(pool).offerings().get(0), state);
    }

    Member add(String pool, Offering offering, WorkerState state) {
        WorkerId id = new WorkerId(String.format("w%05d", nextId++));
        Member member = new Member(id, pool, offering, state, now.minus(Duration.ofHours(1)));
        members.put(id, member);
        return member;
    }

    Service service(String name, int replicas) {
        Service service = new Service(name, replicas);
        services.put(name, service);
        return service;
    }

    /** Makes tasks for all services as Swarm does, and places what can be placed. */
    World settle() {
        for (Service service : services.values()) {
            if (service.mode == ServiceState.Mode.REPLICATED) {
                matchReplicas(service);
            }
        }
        schedule();
        return this;
    }

    void say(TargetId target, int count) {
        recommendations.put(target, Recommendation.of(count, "says " + count));
    }

    // ---- seeing it ----

    ClusterState state() {
        Map<WorkerId, Worker> workers = new TreeMap<>();
        List<Node> nodes = new ArrayList<>(foreignNodes);
        for (Member member : members.values()) {
            Optional<Machine> machine = member.machineVanished || member.state == WorkerState.REQUESTED
                    ? Optional.empty()
                    : Optional.of(
                            Machine.builder(new MachineId(member.offering.cloud(), "m-" + member.id), member.machine)
                                    .build());
            Optional<Node> node = member.hasNode() ? Optional.of(member.node()) : Optional.empty();
            node.ifPresent(nodes::add);
            workers.put(
                    member.id,
                    new Worker(
                            member.id,
                            member.pool,
                            member.state,
                            Duration.between(member.since, now),
                            member.hasNode()
                                    ? member.capacity
                                    : member.offering.capacity().orElse(Resources.ZERO),
                            Optional.of(member.offering.name()),
                            machine,
                            node,
                            "because"));
        }
        List<ServiceState> seen = new ArrayList<>();
        Map<String, ScaledService> scaled = new TreeMap<>();
        for (Service service : services.values()) {
            seen.add(service.state());
            if (service.scaled) {
                scaled.put(
                        service.name,
                        new ScaledService(
                                service.state(),
                                service.bounds,
                                service.behavior,
                                "test",
                                service.surgeOnDrain,
                                service.surge,
                                service.rebalance));
            }
        }
        List<TaskState> taskStates = new ArrayList<>();
        for (Task task : tasks) {
            taskStates.add(
                    task.node.isEmpty()
                            ? TaskState.pending(
                                    task.id, task.service, now, services.get(task.service).pendingCause, "waits")
                            : TaskState.placed(task.id, task.service, task.phase, task.node.get(), now, null));
        }
        Map<WorkerId, Boolean> answers = new HashMap<>(guardAnswers);
        if (guardAllows) {
            members.values().stream()
                    .filter(member -> member.state == WorkerState.CORDONED && member.drainedByUs)
                    .forEach(member -> answers.putIfAbsent(member.id, true));
        }
        return new ClusterState(
                now,
                now,
                new ClusterView("cluster", now, quorum, nodes, seen, taskStates),
                clusterKnown,
                Set.copyOf(unknownClouds),
                pools,
                workers,
                foreignNodes,
                unmatchedNodes,
                scaled,
                measuredUse,
                leftovers,
                answers,
                releaseOrder,
                Set.copyOf(busy));
    }

    // ---- letting it go on ----

    Plan plan() {
        Plan plan = planner.plan(state(), recommendations, memory);
        memory = plan.memory();
        return plan;
    }

    /** Plans and lets everything that was planned come true. */
    Plan pass() {
        Plan plan = plan();
        plan.actions().forEach(this::carryOut);
        settle();
        return plan;
    }

    /** Lets time pass: machines start, joined ones become ready. */
    World later(Duration time) {
        now = now.plus(time);
        for (Member member : members.values()) {
            if (member.state.isArriving() && Duration.between(member.since, now).compareTo(startTime) >= 0) {
                enter(member, machinesJoin ? WorkerState.READY : WorkerState.JOINING);
                memory = machinesJoin
                        ? memory.workerReady(member.pool, member.offering.name(), startTime.toSeconds())
                        : memory;
            }
        }
        return settle();
    }

    void carryOut(Action action) {
        if (action instanceof Action.Launch launch) {
            for (int i = 0; i < launch.count(); i++) {
                Member member = add(launch.pool(), launch.offering(), WorkerState.REQUESTED);
                member.since = now;
            }
        } else if (action instanceof Action.ScaleService scale) {
            Service service = services.get(scale.service());
            service.replicas = scale.replicas();
            String surge = scale.labels().get(Tags.SERVICE_SURGE);
            if (surge != null) {
                service.surge = surge.isEmpty() ? 0 : Integer.parseInt(surge);
            }
        } else if (action instanceof Action.Cordon cordon) {
            members.get(cordon.worker()).drainedByUs = true;
            enter(members.get(cordon.worker()), WorkerState.CORDONED);
        } else if (action instanceof Action.Drain drain) {
            Member member = members.get(drain.worker());
            enter(member, WorkerState.DRAINING);
            tasks.removeIf(task -> task.node.equals(Optional.of(member.nodeId())));
        } else if (action instanceof Action.CancelDrain cancel) {
            members.get(cancel.worker()).drainedByUs = false;
            enter(members.get(cancel.worker()), WorkerState.READY);
        } else if (action instanceof Action.Retire retire) {
            Member member = members.remove(retire.worker());
            if (member != null) {
                tasks.removeIf(task -> task.node.equals(Optional.of(member.nodeId())));
            }
        } else if (action instanceof Action.RemoveLeftover leftover) {
            leftovers.remove(leftover.leftover());
        } else if (action instanceof Action.LabelNode label) {
            members.get(label.worker()).labels.putAll(label.labels());
        }
    }

    void enter(Member member, WorkerState state) {
        member.state = state;
        member.since = now;
    }

    /** Runs as many passes as asked for, one every five seconds; {@return everything that was planned}. */
    List<Action> passes(int count) {
        List<Action> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.addAll(pass().actions());
            later(Duration.ofSeconds(5));
        }
        return all;
    }

    private void matchReplicas(Service service) {
        List<Task> own = new ArrayList<>(
                tasks.stream().filter(task -> task.service.equals(service.name)).toList());
        while (own.size() > service.replicas) {
            tasks.remove(own.remove(own.size() - 1));
        }
        while (own.size() < service.replicas) {
            Task task = new Task("t" + nextId++, service.name, Phase.PENDING, Optional.empty());
            tasks.add(task);
            own.add(task);
        }
    }

    private void schedule() {
        Map<NodeId, Resources> free = new TreeMap<>();
        Map<NodeId, Integer> count = new HashMap<>();
        for (Member member : members.values()) {
            if (member.hasNode() && member.node().takesTasks()) {
                free.put(member.nodeId(), member.capacity);
            }
        }
        foreignNodes.stream().filter(Node::takesTasks).forEach(node -> free.put(node.id(), node.capacity()));
        for (Task task : tasks) {
            task.node.ifPresent(node -> {
                free.computeIfPresent(node, (id, before) -> before.minus(services.get(task.service).reservation));
                count.merge(node, 1, Integer::sum);
            });
        }
        for (Task task : tasks) {
            if (task.node.isEmpty() && task.phase == Phase.PENDING) {
                place(task, free, count);
            }
        }
    }

    private void place(Task task, Map<NodeId, Resources> free, Map<NodeId, Integer> count) {
        Service service = services.get(task.service);
        ServiceProfile profile = ServiceProfile.of(0, service.state(), MeasuredUse.UNKNOWN);
        free.entrySet().stream()
                .filter(entry -> service.reservation.fitsIn(entry.getValue()))
                .filter(entry -> profile.accepts(traits(entry.getKey())))
                .map(Map.Entry::getKey)
                .min(Comparator.comparing((NodeId node) -> count.getOrDefault(node, 0))
                        .thenComparing(Comparator.naturalOrder()))
                .ifPresent(node -> {
                    task.node = Optional.of(node);
                    task.phase = Phase.RUNNING;
                    free.computeIfPresent(node, (id, before) -> before.minus(service.reservation));
                    count.merge(node, 1, Integer::sum);
                });
    }

    private NodeTraits traits(NodeId id) {
        return members.values().stream()
                .filter(member -> member.hasNode() && member.nodeId().equals(id))
                .map(Member::node)
                .findFirst()
                .or(() -> foreignNodes.stream()
                        .filter(node -> node.id().equals(id))
                        .findFirst())
                .map(NodeTraits::of)
                .orElseThrow();
    }
}
