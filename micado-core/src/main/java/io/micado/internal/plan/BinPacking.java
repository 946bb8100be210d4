package io.micado.internal.plan;

import io.micado.api.service.Resources;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Packs tasks that have no place onto new workers of one pool. Used by {@link ServePendingTasks}. Confined to one call of the
 * planner.
 *
 * <p>Workers that are bought already are filled first. Then, where sizes and prices of all offerings are known, the {@link
 * CheapestPacking} decides what to buy. Where they are not, or the pool may not have that many workers, each worker is filled with
 * what is left, the largest tasks first; and since equal tasks come in groups, the same filling is bought as often as its groups last.
 * So the effort grows with the number of services, not of tasks. The offering is the first in the pool's order that takes the largest
 * task left; when all have a price, it is the one that is cheapest for what it takes; and when room is scarce, the one that takes most.
 */
final class BinPacking {
    private static final double ROUNDING = 1e-9;
    /** Tasks that reserve nothing weigh next to nothing, but more than nothing. */
    private static final double LEAST_WORK = 1e-6;

    private final List<TaskGroup> groups;
    private final List<Offer> offers;
    private final boolean[][] takes;
    private final int[] left;
    private final boolean allPriced;
    private final Resources reference;
    private final int[] paid;
    private final int[] bought;
    private final int[][] packed;
    private int room;
    private boolean roomIsScarce;

    /** One worker's filling: how many tasks of each group, by the group's index. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and made for every worker that is tried
    private record Filling(int offer, int[] tasks, double work) {}

    /**
     * So many new workers of one offering.
     *
     * @param offer the offering
     * @param workers how many, at least 1
     * @param load the tasks that they take
     */
    record Purchase(Offer offer, int workers, List<TaskGroup> load) {}

    /**
     * Prepares a packing.
     *
     * @param toPack the tasks
     * @param offers the pool's offerings that can be bought, the preferred first
     * @param paid how many workers of each of them are bought already and still empty
     * @param room how many more may be bought at most
     */
    BinPacking(List<TaskGroup> toPack, List<Offer> offers, int[] paid, int room) {
        this.offers = offers;
        this.paid = paid;
        this.room = room;
        reference = largest(offers);
        groups = new ArrayList<>(toPack);
        groups.sort(Comparator.comparingDouble((TaskGroup group) -> -group.sizeIn(reference))
                .thenComparing(group -> group.service().name()));
        bought = new int[offers.size()];
        packed = new int[offers.size()][groups.size()];
        takes = new boolean[offers.size()][groups.size()];
        for (int offer = 0; offer < offers.size(); offer++) {
            for (int group = 0; group < groups.size(); group++) {
                takes[offer][group] = offers.get(offer).takes(groups.get(group).service());
            }
        }
        left = groups.stream().mapToInt(TaskGroup::tasks).toArray();
        allPriced = offers.stream()
                .allMatch(offer -> offer.offering().pricePerHour().isPresent());
    }

    /** Packs as much as there is room for; {@return what that takes, the workers that are paid included}. */
    List<Purchase> pack() {
        packWhile(this::isPaid);
        if (!buyCheapest()) {
            packWhile(this::mayBuy);
        }
        List<Purchase> purchases = new ArrayList<>();
        for (int offer = 0; offer < bought.length; offer++) {
            if (bought[offer] > 0) {
                purchases.add(new Purchase(offers.get(offer), bought[offer], groupsOf(packed[offer])));
            }
        }
        return purchases;
    }

    private void packWhile(IntPredicate offerIsOpen) {
        for (int group = 0; group < left.length; group++) {
            Filling filling = choose(group, offerIsOpen);
            while (filling != null) {
                buy(filling);
                filling = choose(group, offerIsOpen);
            }
        }
    }

    /** Buys what holds all tasks at the least price; {@return whether that could be found and there is room for it}. */
    private boolean buyCheapest() {
        if (!allPriced
                || offers.size() < 2
                || offers.stream().anyMatch(offer -> offer.free().isEmpty())) {
            return false;
        }
        int[] kinds = IntStream.range(0, left.length)
                .filter(group -> left[group] > 0 && isTakenByAny(group))
                .toArray();
        if (kinds.length == 0 || sharePorts(kinds)) {
            return false;
        }
        List<PackingProblem.Filling> fillings = new CheapestPacking(problem(kinds)).pack();
        roomIsScarce = fillings.size() > room;
        if (roomIsScarce) {
            return false;
        }
        for (PackingProblem.Filling filling : fillings) {
            bought[filling.worker()]++;
            room--;
            for (int kind = 0; kind < kinds.length; kind++) {
                left[kinds[kind]] -= filling.tasks()[kind];
                packed[filling.worker()][kinds[kind]] += filling.tasks()[kind];
            }
        }
        return true;
    }

    private boolean isTakenByAny(int group) {
        return IntStream.range(0, offers.size()).anyMatch(offer -> takes[offer][group]);
    }

    /** Two services that take the same port of their node exclude each other, which is beyond numbers. */
    private boolean sharePorts(int[] kinds) {
        Set<String> ports = new HashSet<>();
        return IntStream.of(kinds)
                .mapToObj(kind -> groups.get(kind).service().hostPorts())
                .flatMap(List::stream)
                .anyMatch(port -> !ports.add(port));
    }

    private PackingProblem problem(int[] kinds) {
        double[] cpu = new double[kinds.length];
        double[] memory = new double[kinds.length];
        int[] demand = new int[kinds.length];
        int[] most = new int[kinds.length];
        WorkerKind[] workers = new WorkerKind[offers.size()];
        for (int kind = 0; kind < kinds.length; kind++) {
            ServiceProfile service = groups.get(kinds[kind]).service();
            cpu[kind] = service.reservation().cpuCores();
            memory[kind] = service.reservation().memoryBytes();
            demand[kind] = left[kinds[kind]];
            most[kind] = service.mostPerNode();
        }
        for (int offer = 0; offer < workers.length; offer++) {
            boolean[] takesKind = new boolean[kinds.length];
            for (int kind = 0; kind < kinds.length; kind++) {
                takesKind[kind] = takes[offer][kinds[kind]];
            }
            Resources free = offers.get(offer).free().orElseThrow();
            double price = offers.get(offer).offering().pricePerHour().orElseThrow();
            workers[offer] = new WorkerKind(free.cpuCores(), free.memoryBytes(), price, takesKind);
        }
        return new PackingProblem(cpu, memory, demand, most, workers);
    }

    /** {@return what was not packed} */
    List<TaskGroup> unpacked() {
        return groupsOf(left);
    }

    private List<TaskGroup> groupsOf(int[] tasks) {
        List<TaskGroup> some = new ArrayList<>();
        for (int group = 0; group < tasks.length; group++) {
            if (tasks[group] > 0) {
                some.add(new TaskGroup(groups.get(group).service(), tasks[group]));
            }
        }
        return some;
    }

    private @Nullable Filling choose(int largest, IntPredicate offerIsOpen) {
        Filling best = null;
        if (left[largest] == 0) {
            return best;
        }
        for (int offer = 0; offer < offers.size(); offer++) {
            if (!takes[offer][largest] || !offerIsOpen.test(offer)) {
                continue;
            }
            Filling filling = fill(offer, largest);
            if (!allPriced) {
                return filling;
            }
            if (best == null || isBetter(filling, best)) {
                best = filling;
            }
        }
        return best;
    }

    private boolean mayBuy(int offer) {
        if (room + unused(offer) == 0) {
            return false;
        }
        // One worker of unknown capacity shows what it has; until then no second one is bought.
        return offers.get(offer).capacity().isPresent() || (!offers.get(offer).unproven() && bought[offer] == 0);
    }

    private int unused(int offer) {
        return Math.max(0, paid[offer] - bought[offer]);
    }

    private boolean isPaid(int offer) {
        return unused(offer) > 0;
    }

    private boolean isBetter(Filling one, Filling other) {
        return roomIsScarce ? one.work() > other.work() : costOfWork(one) < costOfWork(other);
    }

    private double costOfWork(Filling filling) {
        double price = offers.get(filling.offer()).offering().pricePerHour().orElseThrow();
        return price / Math.max(filling.work(), LEAST_WORK);
    }

    private Filling fill(int offer, int largest) {
        int[] tasks = new int[left.length];
        Offer bin = offers.get(offer);
        if (bin.free().isEmpty()) {
            tasks[largest] = 1;
            return new Filling(offer, tasks, groups.get(largest).sizeIn(reference));
        }
        double cpu = bin.free().get().cpuCores();
        long memory = bin.free().get().memoryBytes();
        double work = 0;
        Set<String> ports = new HashSet<>();
        for (int group = largest; group < left.length; group++) {
            ServiceProfile service = groups.get(group).service();
            Resources each = service.reservation();
            if (left[group] == 0
                    || !takes[offer][group]
                    || each.cpuCores() > Math.max(0, cpu) + ROUNDING
                    || each.memoryBytes() > memory
                    || !Collections.disjoint(ports, service.hostPorts())) {
                continue;
            }
            int most = Math.min(left[group], service.mostPerNode());
            if (each.cpuCores() > 0) {
                most = (int) Math.min(most, (cpu + ROUNDING) / each.cpuCores());
            }
            if (each.memoryBytes() > 0) {
                most = (int) Math.min(most, memory / each.memoryBytes());
            }
            if (most > 0) {
                tasks[group] = most;
                cpu -= each.cpuCores() * most;
                memory -= each.memoryBytes() * most;
                work += groups.get(group).sizeIn(reference) * most;
                ports.addAll(service.hostPorts());
            }
        }
        return new Filling(offer, tasks, work);
    }

    private void buy(Filling filling) {
        int unused = unused(filling.offer());
        int most = unused > 0 ? unused : room;
        int times = offers.get(filling.offer()).capacity().isPresent() ? most : 1;
        for (int group = 0; group < left.length; group++) {
            if (filling.tasks()[group] > 0) {
                times = Math.min(times, left[group] / filling.tasks()[group]);
            }
        }
        for (int group = 0; group < left.length; group++) {
            left[group] -= times * filling.tasks()[group];
            packed[filling.offer()][group] += times * filling.tasks()[group];
        }
        room -= Math.max(0, times - unused);
        bought[filling.offer()] += times;
    }

    private static Resources largest(List<Offer> offers) {
        double cpu = 0;
        long memory = 0;
        for (Offer offer : offers) {
            Resources free = offer.free().orElse(Resources.ZERO);
            cpu = Math.max(cpu, free.cpuCores());
            memory = Math.max(memory, free.memoryBytes());
        }
        return new Resources(cpu, memory);
    }
}
