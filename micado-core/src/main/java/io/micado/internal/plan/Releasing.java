package io.micado.internal.plan;

import io.micado.api.scaling.Rule;
import io.micado.api.service.Resources;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.Node;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.Host.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Releases workers of one pool: as many as may go, and none that must stay. Used by the releasing steps. Confined to one call of
 * the planner.
 */
final class Releasing {
    private final FleetPass pass;
    private final PoolPlan pool;
    private final Headroom headroom;
    private final Optional<Map<WorkerId, Integer>> chosen;
    private PoolUse use;

    /**
     * A worker that may go, as far as it itself is concerned.
     *
     * @param host the worker
     * @param load the share of it that is in use; 0 when it runs nothing but global services
     */
    record Candidate(Host host, double load) {
        Worker worker() {
            return host.worker().orElseThrow();
        }
    }

    Releasing(FleetPass pass, PoolPlan pool) {
        this.pass = pass;
        this.pool = pool;
        headroom = pool.pool().headroom();
        chosen = Optional.ofNullable(pass.state().releaseOrder().get(pool.pool().name()))
                .map(Releasing::ranks);
        boolean counts = pass.mayChangeCluster() && pool.mayRelease() > 0 && !headroom.equals(Headroom.NONE);
        use = counts ? PoolUse.of(pass, pool) : PoolUse.NONE;
    }

    /**
     * Releases workers one after the other until no more may go: in the host program's order, else the least loaded first, and of
     * equally loaded ones the youngest.
     *
     * @param concerned ends it before the first worker for which it is false
     * @param why why a worker goes, for people
     */
    void releaseWhile(Predicate<Candidate> concerned, Function<Candidate, String> why) {
        // Of thousands most stay: it takes less to find the first few than to sort all.
        Queue<Candidate> candidates = new PriorityQueue<>(order());
        if (pass.mayChangeCluster() && pool.mayRelease() > 0) {
            for (Worker worker : pool.roster().counting()) {
                pass.index()
                        .host(worker)
                        .filter(host -> mayGo(host, worker))
                        .ifPresent(host -> candidates.add(new Candidate(host, load(host))));
            }
        }
        while (!candidates.isEmpty() && pool.mayRelease() > 0 && concerned.test(candidates.element())) {
            Candidate next = candidates.remove();
            release(next, why.apply(next));
        }
    }

    private Comparator<Candidate> order() {
        Comparator<Candidate> ownOrder = Comparator.comparingDouble(Candidate::load)
                .thenComparing(candidate -> candidate.worker().inState())
                .thenComparing(candidate -> candidate.worker().id());
        return chosen.isEmpty()
                ? ownOrder
                : Comparator.comparing((Candidate candidate) ->
                                chosen.get().getOrDefault(candidate.worker().id(), Integer.MAX_VALUE))
                        .thenComparing(ownOrder);
    }

    /** Releases a worker, if what runs there fits elsewhere and the headroom stays. */
    private void release(Candidate candidate, String why) {
        Host host = candidate.host();
        if (pass.byUse().hasReceived(host)) {
            pool.meet(new Note(Rule.PLACEMENT, candidate.worker().id() + " takes the tasks of others"));
            return;
        }
        if (breaksHeadroom(host)) {
            return;
        }
        Optional<Note> stuck = pass.byUse().evacuate(host, service -> pass.needsSurge(service) ? 1 : 0);
        if (stuck.isPresent()) {
            pool.meet(stuck.get());
            return;
        }
        Worker worker = candidate.worker();
        Node node = worker.node().orElseThrow();
        String reason = pool.trail().value() + " workers are wanted; " + why;
        if (pass.draft().act(new Action.Cordon(worker.id(), node.id(), reason))) {
            pool.release(worker.id());
            use = use.without(host.capacity());
        }
    }

    private boolean mayGo(Host host, Worker worker) {
        boolean isNode = worker.node().filter(node -> !node.manager()).isPresent();
        if (host.role() != Role.TAKES_TASKS || pass.isTaken(worker) || !isNode) {
            return false;
        }
        if (!pass.cloudIsKnown(worker)) {
            pool.meet(new Note(Rule.UNKNOWN, "the cloud of " + worker.id() + " does not tell what it has"));
            return false;
        }
        if (chosen.isPresent() && !chosen.get().containsKey(worker.id())) {
            pool.meet(new Note(Rule.GUARD, "the host program keeps " + worker.id()));
            return false;
        }
        Optional<String> keeper = keeper(host);
        if (keeper.isPresent()) {
            pool.meet(new Note(Rule.PLACEMENT, "service " + keeper.get() + " keeps its worker " + worker.id()));
            return false;
        }
        if (pool.isRefused(worker)) {
            pool.meet(new Note(Rule.GUARD, worker.id() + " must stay for the moment"));
            return false;
        }
        return true;
    }

    /** The service, if any, whose replicas keep the worker from being released. */
    private Optional<String> keeper(Host host) {
        List<String> found = new ArrayList<>();
        pass.index().forEachActiveService(host, (service, tasks) -> {
            if (service.keepsWorker()) {
                found.add(service.name());
            }
        });
        return found.stream().findFirst();
    }

    private static Map<WorkerId, Integer> ranks(List<WorkerId> order) {
        Map<WorkerId, Integer> ranks = new HashMap<>();
        order.forEach(worker -> ranks.putIfAbsent(worker, ranks.size()));
        return ranks;
    }

    private double load(Host host) {
        boolean[] runsAny = new boolean[1];
        pass.index().forEachService(host, (service, tasks) -> runsAny[0] |= !service.isGlobal());
        if (!runsAny[0]) {
            return 0;
        }
        Resources used = host.capacity().minus(pass.byUse().free(host));
        return Math.max(Double.MIN_VALUE, TaskGroup.share(used, host.capacity()));
    }

    private boolean breaksHeadroom(Host host) {
        if (headroom.equals(Headroom.NONE)) {
            return false;
        }
        Resources kept = headroom.over(use.used());
        boolean breaks = !use.keepsFreeWithout(host.capacity(), kept);
        if (breaks) {
            pool.meet(new Note(Rule.HEADROOM, kept + " are kept free"));
        }
        return breaks;
    }
}
