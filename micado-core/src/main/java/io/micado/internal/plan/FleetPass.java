package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import io.micado.internal.plan.PlacementSimulation.Measure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the steps of one pass share. Made by {@link FleetPlanner}. Confined to one call of the planner. */
final class FleetPass {
    private final ClusterState state;
    private final ClusterIndex index;
    private final Map<String, PlannedService> services;
    private final List<PoolPlan> pools;
    private final PlanDraft draft;
    private final List<TaskGroup> homeless;
    private final PlacementSimulation byReservation;
    private List<TaskGroup> unplaced;
    private @Nullable PlacementSimulation byUse;
    private final List<Host> takenBack = new ArrayList<>();
    private final Map<String, Integer> surges = new TreeMap<>();

    FleetPass(
            ClusterState state,
            ClusterIndex index,
            Map<String, PlannedService> services,
            List<PoolPlan> pools,
            PlanDraft draft) {
        this.state = state;
        this.index = index;
        this.services = services;
        this.pools = pools;
        this.draft = draft;
        homeless = state.clusterKnown() ? homeless() : List.of();
        byReservation = new PlacementSimulation(index, Measure.RESERVATION, true);
        unplaced = placeAll(byReservation, homeless);
    }

    ClusterState state() {
        return state;
    }

    Instant now() {
        return state.now();
    }

    ClusterIndex index() {
        return index;
    }

    List<PoolPlan> pools() {
        return pools;
    }

    PlanDraft draft() {
        return draft;
    }

    Map<String, PlannedService> services() {
        return services;
    }

    /** {@return whether the cluster is known and can be changed} */
    boolean mayChangeCluster() {
        return state.clusterKnown() && state.cluster().quorum();
    }

    /** {@return whether the worker's cloud tells what it has, so that the worker may be sent away} */
    boolean cloudIsKnown(Worker worker) {
        return RollCall.cloudIsKnown(state, worker);
    }

    /** {@return whether an effect on the worker is on its way or planned already} */
    boolean isTaken(Worker worker) {
        return draft.isTaken(Action.subjectOf(worker.id()));
    }

    // ---- tasks without a place ----

    /** {@return the tasks that fit on no worker that there is or will be, after what was planned so far} */
    List<TaskGroup> unplaced() {
        return unplaced;
    }

    /** {@return whether everything that is asked for has a place, so that nothing waits even for what is on its way} */
    boolean nothingWaits() {
        return homeless.isEmpty();
    }

    /** {@return what tasks reserve that wait for a place on a host, by the simulation of where they go} */
    Resources awaitedOn(Host host) {
        return byReservation.hasReceived(host) ? reservedOn(host) : Resources.ZERO;
    }

    private Resources reservedOn(Host host) {
        Resources[] there = {Resources.ZERO};
        index.forEachService(
                host,
                (service, tasks) ->
                        there[0] = there[0].plus(service.reservation().times(tasks)));
        return host.capacity().minus(byReservation.free(host)).minus(there[0]);
    }

    /** Takes what is left without a place. */
    void leaveUnplaced(List<TaskGroup> left) {
        unplaced = left;
    }

    /** Lets tasks be placed on a host that was to lose its own; {@return whether that helped any}. Its own stay where they are. */
    boolean reopen(Host host) {
        List<TaskGroup> left = withoutThoseOf(List.of(host), unplaced);
        boolean helped = !left.equals(unplaced);
        byReservation.open(host);
        List<TaskGroup> after = placeAll(byReservation, left);
        helped |= !after.equals(left);
        unplaced = after;
        if (!helped) {
            byReservation.close(host);
        }
        return helped;
    }

    /** Takes the tasks away that run on these hosts, as they may stay there. */
    private List<TaskGroup> withoutThoseOf(List<Host> staying, List<TaskGroup> groups) {
        int[] stay = new int[index.services().size()];
        for (Host host : staying) {
            index.forEachActiveService(host, (service, tasks) -> stay[service.index()] += tasks);
        }
        List<TaskGroup> left = new ArrayList<>();
        for (TaskGroup group : groups) {
            int tasks = group.tasks() - stay[group.service().index()];
            if (tasks > 0) {
                left.add(new TaskGroup(group.service(), tasks));
            }
        }
        return left;
    }

    /** What is asked for and has no place that it need not leave, the largest first. */
    private List<TaskGroup> homeless() {
        Set<ServiceProfile> needed = servicesOnLeavingWorkers();
        List<TaskGroup> groups = new ArrayList<>();
        for (ServiceProfile service : index.services()) {
            ServiceCounts counts = index.counts();
            PlannedService planned = services.get(service.name());
            int asked = planned == null
                    ? service.state().desiredReplicas()
                    : planned.desired()
                            + (needed.contains(service) ? planned.service().surge() : 0);
            int without = switch (service.state().mode()) {
                case GLOBAL -> 0;
                case JOB -> counts.pending(service);
                case REPLICATED -> asked - counts.placed(service);
            };
            if (without > counts.beyondHelp(service)) {
                groups.add(new TaskGroup(service, without - counts.beyondHelp(service)));
            }
        }
        Resources largest = index.largest();
        groups.sort(Comparator.comparingDouble((TaskGroup group) -> -group.sizeIn(largest)));
        return groups;
    }

    /** Those whose extra replicas are still needed. */
    private Set<ServiceProfile> servicesOnLeavingWorkers() {
        Set<ServiceProfile> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (PoolPlan pool : pools) {
            for (Worker worker : pool.roster().leaving()) {
                if (worker.state().isDrainingCancellable()) {
                    index.host(worker)
                            .ifPresent(
                                    host -> index.forEachActiveService(host, (service, tasks) -> found.add(service)));
                }
            }
        }
        return found;
    }

    private static List<TaskGroup> placeAll(PlacementSimulation simulation, List<TaskGroup> groups) {
        List<TaskGroup> left = new ArrayList<>();
        for (TaskGroup group : groups) {
            int placed = simulation.place(group.service(), group.tasks());
            if (placed < group.tasks()) {
                left.add(new TaskGroup(group.service(), group.tasks() - placed));
            }
        }
        return left;
    }

    /** {@return the simulation that tells what is in use and who may be released: it places on workers that are ready only} */
    PlacementSimulation byUse() {
        if (byUse == null) {
            byUse = new PlacementSimulation(index, Measure.USE, false);
            placeAll(byUse, withoutThoseOf(takenBack, homeless));
        }
        return byUse;
    }

    /** {@return a fingerprint of what the services ask for and what the pools have: as long as it is the same, nothing has changed} */
    long situation() {
        long print = 17;
        for (PlannedService service : services.values()) {
            print = 31 * print + service.service().name().hashCode();
            print = 31 * print + service.desired();
        }
        for (PoolPlan pool : pools) {
            print = 31 * print + pool.have();
        }
        return print;
    }

    // ---- the ways out and back ----

    /** Takes a cordoned or draining worker back; {@return whether that could be planned}. */
    boolean reclaim(PoolPlan pool, Worker worker, String why) {
        Optional<Node> node = worker.node();
        boolean planned = node.isPresent()
                && draft.act(new Action.CancelDrain(worker.id(), node.get().id(), why));
        if (planned) {
            pool.reclaim(worker.id());
            index.host(worker).ifPresent(takenBack::add);
        }
        return planned;
    }

    /** Takes a worker away for good. */
    void retire(Worker worker, String why) {
        draft.act(new Action.Retire(
                worker.id(), worker.node().map(Node::id), worker.machine().map(machine -> machine.id()), why));
    }

    /** {@return whether one more replica is started before a drain stops one: always for a single one, else where that is asked for} */
    boolean needsSurge(ServiceProfile service) {
        PlannedService planned = services.get(service.name());
        return planned != null
                && (planned.desired() == 1
                        || (planned.desired() > 1 && planned.service().surgeOnDrain()));
    }

    /** Asks for one more replica of a service while a worker that runs it drains. */
    void surge(String service) {
        surges.put(service, 1);
    }

    /** {@return how many more replicas of a service are asked for because of drains} */
    int surgeOf(String service) {
        return surges.getOrDefault(service, 0);
    }
}
