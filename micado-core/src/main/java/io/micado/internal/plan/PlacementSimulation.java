package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.internal.plan.Host.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Plays through where tasks would find a place on the hosts that there are. Used by {@link FleetPass} and its steps. Confined to
 * one call of the planner.
 *
 * <p>It takes the first host that has room; the orchestrator will choose another, but where the simulation finds none, the
 * orchestrator rarely will.
 */
final class PlacementSimulation {
    private static final double ROUNDING = 1e-9;

    /** What a task is taken to occupy. */
    enum Measure {
        /** What it reserves: the orchestrator places by that. */
        RESERVATION,
        /** What it reserves or else uses: what one must reckon with before moving tasks together. */
        USE
    }

    private final ClusterIndex index;
    private final Measure measure;
    private final double[] freeCpu;
    private final long[] freeMemory;
    private final int[] received;
    private final FitIndex fit;
    private final PerNodeLimits limits = new PerNodeLimits();
    private final Deque<Placed> journal = new ArrayDeque<>();

    /** Some tasks of a service that found a place on a host. */
    private record Placed(ServiceProfile service, int host, int tasks) {}

    /**
     * Starts with the tasks where they are.
     *
     * @param measure what a task occupies
     * @param arriving whether tasks may be placed on hosts that have not joined yet
     */
    PlacementSimulation(ClusterIndex index, Measure measure, boolean arriving) {
        this.index = index;
        this.measure = measure;
        int hosts = index.hosts().size();
        freeCpu = new double[hosts];
        freeMemory = new long[hosts];
        received = new int[hosts];
        fit = new FitIndex(hosts);
        for (Host host : index.hosts()) {
            freeCpu[host.index()] = host.capacity().cpuCores();
            freeMemory[host.index()] = host.capacity().memoryBytes();
            index.forEachService(host, (service, tasks) -> take(service, host.index(), tasks));
            if (host.role() == Role.TAKES_TASKS || (arriving && host.role() == Role.ARRIVES)) {
                open(host);
            }
        }
    }

    /** Lets a host take tasks from now on. */
    void open(Host host) {
        int h = host.index();
        fit.set(h, Math.max(0, freeCpu[h]), Math.max(0, freeMemory[h]));
    }

    /** Lets a host take no more tasks. */
    void close(Host host) {
        fit.set(host.index(), -1, -1);
    }

    /** {@return what is free on a host} */
    Resources free(Host host) {
        return new Resources(Math.max(0, freeCpu[host.index()]), Math.max(0, freeMemory[host.index()]));
    }

    /** {@return whether tasks have been placed on a host that are not there yet: it is needed for them} */
    boolean hasReceived(Host host) {
        return received[host.index()] > 0;
    }

    /** {@return how many of so many replicas of a service find a place; they keep it} */
    int place(ServiceProfile service, int replicas) {
        Resources need = occupied(service);
        int left = replicas;
        for (int host = next(service, need, 0); left > 0 && host >= 0; host = next(service, need, host + 1)) {
            int placed = Math.min(left, room(service, need, host));
            if (placed > 0) {
                take(service, host, placed);
                open(index.hosts().get(host));
                received[host] += placed;
                journal.push(new Placed(service, host, placed));
                left -= placed;
            }
        }
        return replicas - left;
    }

    /**
     * Closes a host and moves its tasks elsewhere, if each of them finds a place; else leaves everything as it was. Tasks of
     * global services need none.
     *
     * @param extra how many replicas of a service need a place besides, because they are started before its own are stopped
     * @return why it cannot be; empty when it is done
     */
    Optional<Note> evacuate(Host host, ToIntFunction<ServiceProfile> extra) {
        List<TaskGroup> groups = new ArrayList<>();
        index.forEachService(
                host, (service, tasks) -> groups.add(new TaskGroup(service, tasks + extra.applyAsInt(service))));
        groups.removeIf(group -> group.service().isGlobal());
        Optional<Note> stuck = groups.stream()
                .flatMap(group -> whyStuck(group.service()).stream())
                .findFirst();
        if (stuck.isPresent()) {
            return stuck;
        }
        groups.sort(Comparator.comparingDouble(group -> -TaskGroup.share(occupied(group.service()), index.largest())));
        close(host);
        int before = journal.size();
        for (TaskGroup group : groups) {
            if (place(group.service(), group.tasks()) < group.tasks()) {
                undoTo(before);
                open(host);
                return Optional.of(new Note(
                        Rule.PLACEMENT, "replicas of " + group.service().name() + " would fit nowhere else"));
            }
        }
        return Optional.empty();
    }

    /** {@return what a replica is taken to occupy} */
    Resources occupied(ServiceProfile service) {
        return measure == Measure.RESERVATION
                ? service.reservation()
                : service.use().orElse(Resources.ZERO);
    }

    private Optional<Note> whyStuck(ServiceProfile service) {
        if (service.isJob()) {
            return Optional.of(new Note(Rule.PLACEMENT, "the job " + service.name() + " would lose its work"));
        }
        if (measure == Measure.USE && service.use().isEmpty()) {
            return Optional.of(
                    new Note(Rule.UNKNOWN, service.name() + " reserves nothing, and what it uses is not known"));
        }
        return Optional.empty();
    }

    /** The next host from this one on that has room and satisfies the constraints: both sides leap to the other's next. */
    private int next(ServiceProfile service, Resources need, int from) {
        int host = fit.first(from, need.cpuCores(), need.memoryBytes());
        if (service.constraints().isEmpty()) {
            return host;
        }
        BitSet accepted = index.hostsAccepting(service);
        while (host >= 0) {
            int leap = accepted.nextSetBit(host);
            if (leap == host || leap < 0) {
                return leap;
            }
            host = fit.first(leap, need.cpuCores(), need.memoryBytes());
        }
        return -1;
    }

    private int room(ServiceProfile service, Resources need, int host) {
        double byCpu = need.cpuCores() == 0 ? Integer.MAX_VALUE : (freeCpu[host] + ROUNDING) / need.cpuCores();
        double byMemory = need.memoryBytes() == 0
                ? Integer.MAX_VALUE
                : Math.floor((double) freeMemory[host] / need.memoryBytes());
        return (int) Math.max(0, Math.min(limits.room(service, host), Math.min(byCpu, byMemory)));
    }

    private void take(ServiceProfile service, int host, int tasks) {
        Resources each = occupied(service);
        freeCpu[host] -= each.cpuCores() * tasks;
        freeMemory[host] -= each.memoryBytes() * tasks;
        limits.add(service, host, tasks);
    }

    private void undoTo(int size) {
        while (journal.size() > size) {
            Placed last = journal.pop();
            take(last.service(), last.host(), -last.tasks());
            received[last.host()] -= last.tasks();
            open(index.hosts().get(last.host()));
        }
    }
}
