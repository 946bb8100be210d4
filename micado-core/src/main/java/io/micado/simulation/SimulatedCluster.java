package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.spi.StateStore;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A cluster in memory that behaves as Docker Swarm does. Programs use it as a {@link Cluster}; tests do by hand what
 * people do (methods {@code …ByHand}), say what goes wrong ({@link #faults()}, {@link #calls()}), and look at
 * {@link #counters()}. Thread-safe.
 *
 * <p>The rules, all of them Swarm's:
 * <ul>
 *   <li>Placement: a node is ready and active, has unreserved CPU and memory, satisfies the constraints, has the host
 *       ports free, and is below the service's most replicas per node (attribute {@code maxReplicasPerNode} of the
 *       {@link ServiceSpec}). Of those, the one with the fewest tasks of the service is taken, then the one with the
 *       fewest tasks. What has no node stays pending, with Swarm's own message.
 *   <li>Nothing is moved when a node joins; what a node's new labels forbid is moved away. A drain stops tasks and
 *       starts each again elsewhere when it has ended. PAUSE keeps tasks and takes no new ones.
 *   <li>A dead node is called down after a while. Then its tasks are started elsewhere, and the old ones stay listed as
 *       stopping until the node comes back or is removed.
 *   <li>A failed task is replaced after a while. A service that is scaled in loses what does not run first, then tasks
 *       of the nodes that have the most of them. An update replaces one task after the other, each stopped before the
 *       next one starts.
 *   <li>Without a quorum nothing can be changed, nothing is replaced, and what runs goes on.
 * </ul>
 *
 * <p>A call counts as an {@link Effect}, takes effect, and then takes as long as {@link #calls()} says.
 */
public final class SimulatedCluster implements Cluster {
    private final World world;
    private final Swarm swarm;
    private final SwarmChanges changes;
    private final CallFaults calls;
    private final CallFaults coordinationCalls;
    private final Effects effects;
    private final SimulatedCoordination coordination;
    private final MemoryStateStore stateStore;
    private final Watchers watchers;
    private final ClusterFaults faults;
    private int token = 1;

    private SimulatedCluster(Builder b) {
        world = World.of(b.timekeeper);
        effects = b.effects;
        swarm = new Swarm(world, new SwarmTimes(b.start, b.stop, b.pull, b.detection, b.restart), b.id);
        changes = new SwarmChanges(swarm, () -> token++);
        calls = new CallFaults(world, "the cluster");
        coordinationCalls = new CallFaults(world, "the cluster's store", calls);
        coordination = new SimulatedCoordination(swarm, coordinationCalls, effects);
        stateStore = new MemoryStateStore(new CallFaults(world, "the state store"), effects);
        watchers = new Watchers(world);
        faults = new ClusterFaults(swarm, watchers, stateStore);
        swarm.afterChange(watchers::changed);
        swarm.change(() -> {
            SimulatedNode manager = swarm.nodeLife.join("manager", "10.0.0.1", true, b.managerCapacity, Map.of());
            if (!b.managerRunsTasks) {
                swarm.nodeLife.setAvailability(manager, Node.Availability.DRAIN);
            }
        });
    }

    /** {@return a cluster of one manager that runs no tasks} */
    public static SimulatedCluster create(Timekeeper timekeeper) {
        return builder(timekeeper).build();
    }

    /** Starts a cluster that lives on this time, or on the world of this {@link VirtualProcess}. */
    public static Builder builder(Timekeeper timekeeper) {
        return new Builder(timekeeper);
    }

    // ---- what programs call

    @Override
    public void start() {
        calls.call(false, () -> true);
    }

    @Override
    public ClusterView observe() {
        return calls.call(false, swarm::view);
    }

    @Override
    public void apply(ClusterChange change) {
        Objects.requireNonNull(change, "change");
        calls.call(
                true,
                () -> effects.perform(
                        SwarmChanges.nameOf(change),
                        change.subject(),
                        () -> swarm.change(() -> {
                            refuseWhatCannotBe(change);
                            changes.apply(change);
                            return true;
                        })));
    }

    private void refuseWhatCannotBe(ClusterChange change) {
        if (!swarm.quorum()) {
            throw SimulatedCoordination.noQuorum();
        }
        if (faults.losesRace()) {
            throw new MicadoException(
                    ErrorKind.CONFLICT, change.subject() + " was changed by somebody else meanwhile: read it again");
        }
    }

    /** {@return how a machine joins; a token that was rotated away is refused} */
    @Override
    public JoinInfo joinInfo() {
        return calls.call(
                false, () -> swarm.look(() -> JoinInfo.of(List.of("10.0.0.1:2377"), Secret.of(currentToken()))));
    }

    private String currentToken() {
        return "token-" + token;
    }

    @Override
    public CoordinationStore coordination() {
        return coordination;
    }

    @Override
    public AutoCloseable watch(Runnable changed) {
        return watchers.add(Objects.requireNonNull(changed, "changed"));
    }

    /** {@return a store in memory, which {@link ClusterFaults#forgetState()} empties} */
    @Override
    public Optional<StateStore> stateStore() {
        return Optional.of(stateStore);
    }

    /** Does nothing: several programs may use one simulated cluster. */
    @Override
    public void close() {}

    // ---- machines

    /**
     * A machine's engine joins as a worker node.
     *
     * @return the node; empty when the token is not valid (any more)
     */
    public Optional<NodeId> join(
            String hostname, String address, Resources capacity, Map<String, String> engineLabels, String joinToken) {
        return swarm.change(() -> {
            if (!joinToken.equals(currentToken())) {
                swarm.tally.joinsRefused++;
                return Optional.empty();
            }
            return Optional.of(swarm.nodeLife.join(hostname, address, false, capacity, engineLabels).id);
        });
    }

    /** The machine of a node was terminated on purpose: what runs there is killed. */
    void machineTerminated(NodeId id) {
        swarm.changeIfKnown(id, node -> swarm.nodeLife.die(node, true));
    }

    // ---- what people do

    /** A person adds a node that no pool owns. */
    public NodeId addForeignNode(String hostname, Resources capacity) {
        return swarm.change(() ->
                swarm.nodeLife.join(hostname, "10.9.0." + (swarm.nodes.size() + 1), false, capacity, Map.of()).id);
    }

    /** A person drains a node, without any label of ours. */
    public void drainByHand(NodeId id) {
        setAvailabilityByHand(id, Node.Availability.DRAIN);
    }

    /** A person sets the availability of a node, without any label of ours. */
    public void setAvailabilityByHand(NodeId id, Node.Availability availability) {
        swarm.change(() -> swarm.nodeLife.setAvailability(swarm.node(id), availability));
    }

    /** A person sets labels of a node; an empty value removes one. */
    public void labelByHand(NodeId id, Map<String, String> labels) {
        swarm.change(() -> swarm.nodeLife.label(swarm.node(id), labels));
    }

    /** A person scales a service. */
    public void scaleByHand(String service, int replicas) {
        swarm.change(() -> changes.setReplicas(swarm.service(service), replicas));
    }

    /** A person deploys a replicated service of which MiCADO knows nothing. */
    public void deployByHand(ServiceSpec spec) {
        swarm.change(() -> {
            changes.create(spec, ServiceState.Mode.REPLICATED, Duration.ZERO, Map.of());
        });
    }

    /** A person deploys a service that runs once on every node. */
    public void deployGlobalByHand(ServiceSpec spec) {
        swarm.change(() -> {
            changes.create(spec, ServiceState.Mode.GLOBAL, Duration.ZERO, Map.of());
        });
    }

    /** A person starts a job: the specification's first replicas, each of which ends after this time. */
    public void runJobByHand(ServiceSpec spec, Duration each) {
        swarm.change(() -> {
            changes.create(spec, ServiceState.Mode.JOB, each, Map.of());
        });
    }

    /** A person removes a service. */
    public void removeByHand(String service) {
        swarm.change(() -> changes.remove(service));
    }

    // ---- bad luck

    /** {@return how calls of programs go: slow, hanging, failing} */
    public CallFaults calls() {
        return calls;
    }

    /**
     * {@return how calls of programs to {@link #coordination()} go} They fail whenever {@link #calls()} do, and take as
     * long, unless they are told otherwise here; what hangs there does not hang here.
     */
    public CallFaults coordinationCalls() {
        return coordinationCalls;
    }

    /** {@return what goes wrong with nodes, tasks and managers} */
    public ClusterFaults faults() {
        return faults;
    }

    // ---- settings of single services, and results

    /** Sets how long tasks of a service take to start, in place of the cluster's setting. */
    public void taskStart(String service, RandomDuration time) {
        swarm.change(() -> swarm.startTimes.put(service, Objects.requireNonNull(time, "time")));
    }

    /** Sets how long a task of a service runs before it does any work; default zero. */
    public void warmUp(String service, Duration time) {
        swarm.change(() -> swarm.warmUps.put(service, Objects.requireNonNull(time, "time")));
    }

    /** {@return the cluster as it is, free of all faults and delays} */
    public ClusterView look() {
        return swarm.view();
    }

    /** {@return how many tasks of a service run; 0 when there is no such service} */
    public int running(String service) {
        return swarm.look(() -> {
            SimulatedService found = swarm.services.get(service);
            return found == null
                    ? 0
                    : (int) found.tasks.stream()
                            .filter(task -> task.phase == TaskState.Phase.RUNNING)
                            .count();
        });
    }

    /** {@return what has become of tasks so far} */
    public ClusterCounters counters() {
        return swarm.look(swarm.tally::counters);
    }

    /** {@return the effects of programs on this cluster} */
    public Effects effects() {
        return effects;
    }

    Swarm swarm() {
        return swarm;
    }

    @Override
    public String toString() {
        return swarm.look(() ->
                "simulated cluster of " + swarm.nodes.size() + " nodes and " + swarm.services.size() + " services");
    }

    /** Collects a {@link SimulatedCluster}. Not thread-safe. */
    public static final class Builder {
        private final Timekeeper timekeeper;
        private String id = "simulated";
        private Effects effects = new Effects();
        private Resources managerCapacity = Resources.ofMebibytes(2, 4096);
        private boolean managerRunsTasks;
        private RandomDuration start = RandomDuration.constant(Duration.ofSeconds(2));
        private RandomDuration stop = RandomDuration.constant(Duration.ofSeconds(1));
        private RandomDuration pull = RandomDuration.NONE;
        private Duration detection = Duration.ofSeconds(15);
        private Duration restart = Duration.ofSeconds(5);

        private Builder(Timekeeper timekeeper) {
            this.timekeeper = Objects.requireNonNull(timekeeper, "timekeeper");
        }

        /** Sets the cluster's id, which also decides its randomness; default {@code simulated}. */
        public Builder id(String value) {
            id = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets with what its effects are counted; default by itself. */
        public Builder effects(Effects value) {
            effects = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets what the manager has; default 2 cores and 4 GiB. */
        public Builder managerCapacity(Resources value) {
            managerCapacity = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether the manager runs tasks of services; default false. */
        public Builder managerRunsTasks(boolean value) {
            managerRunsTasks = value;
            return this;
        }

        /** Sets how long a task takes from its placement until it runs; default 2 s. */
        public Builder taskStart(RandomDuration value) {
            start = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets how long a running task takes to stop; default 1 s. */
        public Builder taskStop(RandomDuration value) {
            stop = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets how much longer the first task of an image on a node takes; default nothing. */
        public Builder imagePull(RandomDuration value) {
            pull = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets after how long a dead node is called down; default 15 s. */
        public Builder downDetection(Duration value) {
            detection = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets after how long a failed task, or one of a node that is down, is started again; default 5 s. */
        public Builder restartDelay(Duration value) {
            restart = Objects.requireNonNull(value, "value");
            return this;
        }

        /** {@return the cluster} */
        public SimulatedCluster build() {
            return new SimulatedCluster(this);
        }
    }
}
