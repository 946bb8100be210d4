package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster by numbers: hosts, services, and which tasks of which service run on which host. Made once in a pass by
 * {@link TwoLevelPlanner}. Confined to one call of the planner; immutable but for what it looks up once.
 *
 * <p>Hosts and services are known by their index, and tasks lie in arrays, because a plan goes over a hundred thousand of them
 * several times.
 */
final class ClusterIndex {
    private final Market market;
    private final List<Host> hosts;
    private final Resources largest;
    private final Map<WorkerId, Host> hostOfWorker = new HashMap<>();
    private final List<ServiceProfile> services = new ArrayList<>();
    private final Map<String, ServiceProfile> serviceByName = new HashMap<>();
    private final ServiceCounts counts;
    private final Map<List<Constraint>, BitSet> accepting = new HashMap<>();
    /** The tasks of host {@code h}, in the order of their services, are those from {@code firstTask[h]} to before {@code firstTask[h + 1]}. */
    private final int[] firstTask;

    /** Twice the index of a task's service, and one more if the task is being stopped. */
    private final int[] codeOfTask;

    /**
     * Indexes what was observed.
     *
     * @param memory what is remembered of offerings
     * @param rosters the workers of all pools
     */
    ClusterIndex(ClusterState state, PlannerMemory memory, Collection<PoolRoster> rosters) {
        indexServices(state);
        market = new Market(state, memory, rosters, this::globalReservation);
        hosts = new HostList(state, rosters, market).hosts();
        largest = largestOf(hosts);
        Map<NodeId, Host> hostOfNode = new HashMap<>(hosts.size() * 2);
        for (Host host : hosts) {
            host.worker().ifPresent(worker -> hostOfWorker.put(worker.id(), host));
            if (!host.traits().id().isEmpty()) {
                hostOfNode.put(new NodeId(host.traits().id()), host);
            }
        }
        counts = new ServiceCounts(services.size());
        firstTask = new int[hosts.size() + 1];
        codeOfTask = indexTasks(state.cluster().tasks(), hostOfNode);
    }

    private void indexServices(ClusterState state) {
        List<ServiceState> byName = new ArrayList<>(state.cluster().services());
        byName.sort(Comparator.comparing(ServiceState::name));
        for (ServiceState service : byName) {
            ServiceProfile profile = ServiceProfile.of(
                    services.size(), service, state.measuredUse().getOrDefault(service.name(), MeasuredUse.UNKNOWN));
            services.add(profile);
            serviceByName.put(service.name(), profile);
        }
    }

    private int[] indexTasks(List<TaskState> tasks, Map<NodeId, Host> hostOfNode) {
        int[] hostOf = new int[tasks.size()];
        int[] codeOf = new int[tasks.size()];
        int placed = 0;
        for (int i = 0; i < tasks.size(); i++) {
            TaskState task = tasks.get(i);
            ServiceProfile service = serviceByName.get(task.service());
            Host host = task.occupiesNode() ? hostOfNode.get(task.node().orElseThrow()) : null;
            if (service != null) {
                counts.count(service.index(), task, host);
            }
            hostOf[i] = host == null || service == null ? -1 : host.index();
            if (host != null && service != null) {
                codeOf[i] = 2 * service.index() + (task.phase() == Phase.STOPPING ? 1 : 0);
                firstTask[host.index() + 1]++;
                placed++;
            }
        }
        for (int h = 0; h < hosts.size(); h++) {
            firstTask[h + 1] += firstTask[h];
        }
        int[] next = firstTask.clone();
        int[] byHost = new int[placed];
        for (int i = 0; i < hostOf.length; i++) {
            if (hostOf[i] >= 0) {
                byHost[next[hostOf[i]]++] = codeOf[i];
            }
        }
        for (int h = 0; h < hosts.size(); h++) {
            Arrays.sort(byHost, firstTask[h], firstTask[h + 1]);
        }
        return byHost;
    }

    /** {@return all hosts, each at its index} */
    List<Host> hosts() {
        return hosts;
    }

    /** {@return the host that a worker is, joined or not; empty when it is neither capacity nor has tasks} */
    Optional<Host> host(Worker worker) {
        return Optional.ofNullable(hostOfWorker.get(worker.id()));
    }

    /** {@return all services, each at its index} */
    List<ServiceProfile> services() {
        return services;
    }

    /** {@return the service of this name} */
    Optional<ServiceProfile> service(String name) {
        return Optional.ofNullable(serviceByName.get(name));
    }

    /** {@return what can be bought} */
    Market market() {
        return market;
    }

    /** {@return the hosts, by their index, that satisfy the constraints of a service} */
    BitSet hostsAccepting(ServiceProfile service) {
        return accepting.computeIfAbsent(service.constraints(), constraints -> {
            BitSet accepted = new BitSet(hosts.size());
            for (Host host : hosts) {
                accepted.set(host.index(), Constraint.allMatch(constraints, host.traits()));
            }
            return accepted;
        });
    }

    /** {@return how the tasks of the services are doing} */
    ServiceCounts counts() {
        return counts;
    }

    /** {@return the most CPU and the most memory that any host has: the measure of how big a task is} */
    Resources largest() {
        return largest;
    }

    /** {@return how many tasks occupy a host} */
    int taskCount(Host host) {
        return firstTask[host.index() + 1] - firstTask[host.index()];
    }

    /** Goes over the services that have tasks on a host, in the order of their index, with how many tasks that are. */
    void forEachService(Host host, TasksOfService visitor) {
        forEachService(host, visitor, true);
    }

    /** As {@link #forEachService}, without tasks that are being stopped. */
    void forEachActiveService(Host host, TasksOfService visitor) {
        forEachService(host, visitor, false);
    }

    private void forEachService(Host host, TasksOfService visitor, boolean stopping) {
        int end = firstTask[host.index() + 1];
        int next = firstTask[host.index()];
        while (next < end) {
            int service = codeOfTask[next] / 2;
            int tasks = 0;
            for (; next < end && codeOfTask[next] / 2 == service; next++) {
                tasks += stopping || codeOfTask[next] % 2 == 0 ? 1 : 0;
            }
            if (tasks > 0) {
                visitor.visit(services.get(service), tasks);
            }
        }
    }

    /** Takes the tasks of one service on one host. */
    @FunctionalInterface
    interface TasksOfService {
        void visit(ServiceProfile service, int tasks);
    }

    private static Resources largestOf(List<Host> hosts) {
        double cpu = 0;
        long memory = 0;
        for (Host host : hosts) {
            cpu = Math.max(cpu, host.capacity().cpuCores());
            memory = Math.max(memory, host.capacity().memoryBytes());
        }
        return new Resources(cpu, memory);
    }

    /** What the global services reserve on every node that satisfies their constraints. */
    private Resources globalReservation(NodeTraits node) {
        Resources sum = Resources.ZERO;
        for (ServiceProfile service : services) {
            if (service.isGlobal() && !service.reservation().isZero() && service.accepts(node)) {
                sum = sum.plus(service.reservation());
            }
        }
        return sum;
    }
}
