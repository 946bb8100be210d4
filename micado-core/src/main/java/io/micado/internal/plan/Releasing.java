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
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Releases workers of one pool: as many as may go, and none that must stay. Used by the releasing steps. Confined to one call of
 * the planner.
 */
final class Releasing {
    private final FleetPass pass;
    private final PoolPlan pool;
    private final Headroom headroom;
    private final Optional<Map<WorkerId, Integer>> chosen;
    private @Nullable PoolUse use;

    /**
     * A worker that may go, as far as it itself is concerned.
     *
     * @param host the worker
     * @param load the share of it that is in use; 0 when it runs nothing but global services
     * @param disruption what moves when it goes
     * @param size the share of its use in the largest host of the cluster, so that workers of all sizes compare
     * @param price what it costs an hour; empty when that is unknown
     */
    record Candidate(Host host, double load, Disruption disruption, double size, OptionalDouble price) {
        /** Keeps workers that cost nothing comparable: they go last. */
        private static final double LEAST_PRICE = 1e-9;

        Worker worker() {
            return host.worker().orElseThrow();
        }

        /** {@return whether it runs nothing but global services} */
        boolean isEmpty() {
            return load == 0;
        }

        /** {@return what is in use on it for each unit of its price; of empty ones, the dearest is the least} */
        double usePerPrice() {
            return isEmpty() ? -price.orElse(0) : size / Math.max(price.orElse(0), LEAST_PRICE);
        }

        double tasksPerPrice() {
            return disruption.tasks() / Math.max(price.orElse(0), LEAST_PRICE);
        }

        /** {@return what is saved, for people; empty when nobody knows} */
        String saving() {
            return price.isPresent() ? ", which saves " + Money.text(price.getAsDouble()) + " an hour" : "";
        }
    }

    Releasing(FleetPass pass, PoolPlan pool) {
        this.pass = pass;
        this.pool = pool;
        headroom = pool.pool().headroom();
        chosen = Optional.ofNullable(pass.state().releaseOrder().get(pool.pool().name()))
                .map(Releasing::ranks);
    }

    /**
     * Releases workers one after the other until no more may go: in the host program's order if it has one. Else, where the prices of all
     * are known, the empty ones go first, the dearest of them before the others, and then those on which least is in use, and fewest
     * tasks run, for what is saved; where they are not, the least loaded go first. Of equal ones, the youngest goes.
     *
     * @param concerned ends it before the first worker for which it is false
     * @param why why a worker goes, for people
     */
    void releaseWhile(Predicate<Candidate> concerned, Function<Candidate, String> why) {
        if (!pass.mayChangeCluster() || pool.mayRelease() == 0) {
            return;
        }
        if (pass.pools().stream().anyMatch(PoolPlan::isReplacing)) {
            pool.meet(new Note(Rule.COST, "a worker is being replaced by cheaper ones, which need the room"));
            return;
        }
        // Whatever the order: what may not go now is not waited for.
        boolean onlyEmpty = pool.remembersRegret(pass.situation(), pass.now());
        List<Candidate> found = new ArrayList<>();
        for (Worker worker : pool.roster().counting()) {
            candidate(worker)
                    .filter(candidate -> candidate.isEmpty() || !onlyEmpty)
                    .ifPresent(found::add);
        }
        // Of thousands most stay: it takes less to find the first few than to sort all.
        Queue<Candidate> candidates = new PriorityQueue<>(
                order(found.stream().allMatch(candidate -> candidate.price().isPresent())));
        candidates.addAll(found);
        while (!candidates.isEmpty() && pool.mayRelease() > 0 && concerned.test(candidates.element())) {
            Candidate next = candidates.remove();
            release(next, why);
        }
    }

    /** {@return the worker as one that may go; empty when it must stay} */
    Optional<Candidate> candidate(Worker worker) {
        return pass.index().host(worker).filter(host -> mayGo(host, worker)).map(host -> candidate(host, worker));
    }

    private Candidate candidate(Host host, Worker worker) {
        Disruption disruption = Disruption.of(pass.index(), host);
        double size = TaskGroup.share(disruption.use(), pass.index().largest());
        OptionalDouble price = pass.index()
                .market()
                .of(worker)
                .map(offer -> offer.offering().pricePerHour())
                .orElse(OptionalDouble.empty());
        return new Candidate(host, load(host), disruption, size, price);
    }

    private Comparator<Candidate> order(boolean allPriced) {
        Comparator<Candidate> byCost = Comparator.comparing((Candidate candidate) -> !candidate.isEmpty())
                .thenComparingDouble(Candidate::usePerPrice)
                .thenComparingDouble(Candidate::tasksPerPrice);
        Comparator<Candidate> ownOrder = (allPriced ? byCost : Comparator.comparingDouble(Candidate::load))
                .thenComparing(candidate -> candidate.worker().inState())
                .thenComparing(candidate -> candidate.worker().id());
        return chosen.isEmpty()
                ? ownOrder
                : Comparator.comparing((Candidate candidate) ->
                                chosen.get().getOrDefault(candidate.worker().id(), Integer.MAX_VALUE))
                        .thenComparing(ownOrder);
    }

    /** Releases a worker, if what runs there fits elsewhere and the headroom stays. */
    private void release(Candidate candidate, Function<Candidate, String> why) {
        if (sendAway(
                candidate,
                () -> pool.trail().value() + " workers are wanted; " + why.apply(candidate) + candidate.saving())) {
            pool.release(candidate.worker().id(), candidate.disruption(), candidate.price());
        }
    }

    /**
     * Takes the first step of a worker's way out, if what runs there fits elsewhere and the headroom stays.
     *
     * @param reason why, for people; asked for only when the worker goes, as most that are looked at stay
     * @return whether that is planned
     */
    boolean sendAway(Candidate candidate, Supplier<String> reason) {
        Host host = candidate.host();
        if (pass.byUse().hasReceived(host)) {
            pool.meet(new Note(Rule.PLACEMENT, candidate.worker().id() + " takes the tasks of others"));
            return false;
        }
        if (breaksHeadroom(host)) {
            return false;
        }
        Optional<Note> stuck = pass.byUse().evacuate(host, service -> pass.needsSurge(service) ? 1 : 0);
        if (stuck.isPresent()) {
            pool.meet(stuck.get());
            return false;
        }
        Worker worker = candidate.worker();
        Node node = worker.node().orElseThrow();
        boolean planned = pass.draft().act(new Action.Cordon(worker.id(), node.id(), reason.get()));
        if (planned && use != null) {
            use = use.without(host.capacity());
        }
        return planned;
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
        if (use == null) {
            use = PoolUse.of(pass, pool);
        }
        Resources kept = headroom.over(use.used());
        boolean breaks = !use.keepsFreeWithout(host.capacity(), kept);
        if (breaks) {
            pool.meet(new Note(Rule.HEADROOM, kept + " are kept free"));
        }
        return breaks;
    }
}
