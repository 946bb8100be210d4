package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.internal.plan.BinPacking.Purchase;
import io.micado.internal.plan.Releasing.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds a worker of a pool in whose place cheaper ones could be bought. Used by {@link ConsolidateWorkers}. Confined to one call of the
 * planner.
 *
 * <p>The new workers alone must hold everything that runs on the old one, the replicas that start before others stop included, and
 * what the pool's headroom would lack without it, also when the orchestrator spreads the tasks over them in an unfortunate order. What others have free is not counted: that is what releasing is for.
 */
final class CheaperWorkers {
    /** So many workers are packed anew in one pass; the others have their turn in the next ones. */
    private static final int LOOKS = 8;
    /** How often passes come, about: it moves the turns. */
    private static final long SECONDS_OF_A_TURN = 5;
    /** The share of its CPU that is used on a new worker at most, by what was measured: what policies that know no other target keep. */
    private static final double MOST_USED = 0.6;

    private final FleetPass pass;
    private final PoolPlan pool;
    private final List<Offer> offers;
    private final PoolUse use;

    /**
     * Cheaper workers in the place of one.
     *
     * @param candidate the one
     * @param offering what it was bought as
     * @param purchases the cheaper ones
     * @param saving what they cost less an hour, above 0
     * @param cost what the change costs once
     */
    record Swap(Candidate candidate, Offering offering, List<Purchase> purchases, double saving, double cost) {
        WorkerId worker() {
            return candidate.worker().id();
        }

        int workers() {
            return purchases.stream().mapToInt(Purchase::workers).sum();
        }

        @Override
        public String toString() {
            String bought = purchases.stream()
                    .map(purchase -> purchase.workers() + " of "
                            + purchase.offer().offering().name())
                    .collect(Collectors.joining(" and "));
            return bought + " in place of " + worker() + " (" + offering.name() + ")";
        }
    }

    /** A worker that has not been looked at closely. */
    private record Prospect(Candidate candidate, Offer offer, List<TaskGroup> load, double hope) {}

    CheaperWorkers(FleetPass pass, PoolPlan pool) {
        this.pass = pass;
        this.pool = pool;
        offers = pool.openOffers().stream().filter(CheaperWorkers::isKnown).toList();
        use = PoolUse.of(pass, pool);
    }

    private static boolean isKnown(Offer offer) {
        return offer.offering().pricePerHour().isPresent() && offer.free().isPresent();
    }

    /** {@return the replacement that saves most, but the preferred worker's if it has one} */
    Optional<Swap> find(List<Candidate> candidates, Predicate<WorkerId> preferred) {
        if (offers.isEmpty() || pool.allOffers().size() < 2 || pool.room() == 0) {
            return Optional.empty();
        }
        List<Prospect> prospects = new ArrayList<>();
        candidates.forEach(candidate -> prospect(candidate).ifPresent(prospects::add));
        prospects.sort(Comparator.comparingDouble((Prospect prospect) -> -prospect.hope())
                .thenComparing(prospect -> prospect.candidate().worker().id()));
        for (Prospect prospect : prospects) {
            if (preferred.test(prospect.candidate().worker().id())) {
                Optional<Swap> swap = swap(prospect);
                if (swap.isPresent()) {
                    return swap;
                }
            }
        }
        int looks = Math.min(LOOKS, prospects.size());
        long first = prospects.size() <= LOOKS ? 0 : pass.now().getEpochSecond() / SECONDS_OF_A_TURN * LOOKS;
        Optional<Swap> best = Optional.empty();
        for (int i = 0; i < looks; i++) {
            Optional<Swap> swap = swap(prospects.get((int) ((first + i) % prospects.size())));
            if (swap.isPresent() && swap.get().saving() > best.map(Swap::saving).orElse(0.0)) {
                best = swap;
            }
        }
        return best;
    }

    /** {@return a worker that might be replaced, by its price and what it runs} */
    private Optional<Prospect> prospect(Candidate candidate) {
        Optional<Offer> offer = pass.index().market().of(candidate.worker());
        if (candidate.price().isEmpty() || offer.isEmpty() || hasReceived(candidate)) {
            return Optional.empty();
        }
        Optional<List<TaskGroup>> load = load(candidate.host());
        double price = candidate.price().getAsDouble();
        double hope = load.map(groups -> price - leastPrice(groups)).orElse(0.0);
        return hope > 0 && hope >= pool.pool().consolidation().leastSaving() * price
                ? Optional.of(new Prospect(candidate, offer.get(), load.get(), hope))
                : Optional.empty();
    }

    /** What waits for a place on it does not run there yet, and is not counted. */
    private boolean hasReceived(Candidate candidate) {
        return pass.byUse().hasReceived(candidate.host());
    }

    /** {@return what the new workers must hold; empty when something cannot be moved} */
    private Optional<List<TaskGroup>> load(Host host) {
        List<TaskGroup> groups = new ArrayList<>();
        boolean[] stuck = new boolean[1];
        pass.index().forEachService(host, (service, tasks) -> {
            stuck[0] |= service.isJob() || service.use().isEmpty();
            if (!service.isGlobal() && !stuck[0]) {
                int extra = pass.needsSurge(service) ? 1 : 0;
                groups.add(new TaskGroup(service.reserving(need(service)), tasks + extra));
            }
        });
        Resources moved = Disruption.of(pass.index(), host).use();
        Resources lacking = use.lacking(pool.pool().headroom(), host.capacity(), moved);
        HeadroomDemand.of(lacking, offers).ifPresent(groups::add);
        return stuck[0] ? Optional.empty() : Optional.of(groups);
    }

    /** What a replica reserves or else uses, and no less than what it was measured to use on a worker that is not too full. */
    private Resources need(ServiceProfile service) {
        Resources taken = service.use().orElseThrow();
        Resources measured = pass.state()
                .measuredUse()
                .getOrDefault(service.name(), MeasuredUse.UNKNOWN)
                .orElse(Resources.ZERO);
        return new Resources(
                Math.max(taken.cpuCores(), measured.cpuCores() / MOST_USED),
                Math.max(taken.memoryBytes(), measured.memoryBytes()));
    }

    /** {@return less than which no workers cost that hold this much} */
    private double leastPrice(List<TaskGroup> groups) {
        double cpu = 0;
        double memory = 0;
        for (TaskGroup group : groups) {
            cpu += group.service().reservation().cpuCores() * group.tasks();
            memory += (double) group.service().reservation().memoryBytes() * group.tasks();
        }
        double worker = Double.POSITIVE_INFINITY;
        double core = Double.POSITIVE_INFINITY;
        double megabyte = Double.POSITIVE_INFINITY;
        for (Offer offer : offers) {
            double price = price(offer);
            Resources free = offer.free().orElseThrow();
            worker = Math.min(worker, price);
            core = free.cpuCores() > 0 ? Math.min(core, price / free.cpuCores()) : core;
            megabyte = free.memoryBytes() > 0 ? Math.min(megabyte, price / free.memoryBytes()) : megabyte;
        }
        return Math.max(worker, Math.max(cpu > 0 ? cpu * core : 0, memory > 0 ? memory * megabyte : 0));
    }

    private Optional<Swap> swap(Prospect prospect) {
        Optional<List<Purchase>> purchases = buy(prospect.load());
        if (purchases.isEmpty()) {
            return Optional.empty();
        }
        double price = prospect.candidate().price().orElseThrow();
        double overlap = 0;
        for (Purchase purchase : purchases.get()) {
            Duration lead = pass.draft()
                    .leadTime(pool.pool().name(), purchase.offer().offering().name());
            overlap += purchase.workers() * price(purchase.offer()) * lead.toMillis() / 3.6e6;
        }
        double saving = price - price(purchases.get());
        double move = pool.pool().consolidation().moveCost().orElse(price / 60);
        double cost = prospect.candidate().disruption().tasks() * move + overlap;
        return saving > 0 && saving >= pool.pool().consolidation().leastSaving() * price
                ? Optional.of(
                        new Swap(prospect.candidate(), prospect.offer().offering(), purchases.get(), saving, cost))
                : Optional.empty();
    }

    /**
     * {@return the cheapest workers that hold all of it, at least one; empty when there are none} If the cheapest mix would not hold it
     * when it is spread, workers of one offering may.
     */
    private Optional<List<Purchase>> buy(List<TaskGroup> load) {
        if (load.isEmpty()) {
            return offers.stream()
                    .min(Comparator.comparingDouble(CheaperWorkers::price))
                    .map(cheapest -> List.of(new Purchase(cheapest, 1, List.of())));
        }
        List<List<Purchase>> found = new ArrayList<>();
        buy(load, offers).ifPresent(found::add);
        if (found.isEmpty()) {
            offers.forEach(offer -> buy(load, List.of(offer)).ifPresent(found::add));
        }
        return found.stream().min(Comparator.comparingDouble(CheaperWorkers::price));
    }

    private Optional<List<Purchase>> buy(List<TaskGroup> load, List<Offer> from) {
        BinPacking packing = new BinPacking(load, from, new int[from.size()], pool.room());
        List<Purchase> purchases = packing.pack();
        boolean holds = packing.unpacked().isEmpty() && new SpreadingCheck(purchases).holds(load);
        return holds ? Optional.of(purchases) : Optional.empty();
    }

    private static double price(List<Purchase> purchases) {
        return purchases.stream()
                .mapToDouble(purchase -> purchase.workers() * price(purchase.offer()))
                .sum();
    }

    private static double price(Offer offer) {
        return offer.offering().pricePerHour().orElseThrow();
    }
}
