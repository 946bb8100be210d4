package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fills worker after worker with the most valuable of what is left, among many kinds of tasks. Used by {@link PackingBySizes}. Confined to
 * one call of the planner.
 *
 * <p>As in {@link FillingSearch} the bound of a search takes CPU and memory together as one weighted resource. But weights are chosen and
 * kinds sorted once for all fillings, and a search looks at few nodes: with many kinds, the next best filling is nearly as good.
 */
final class FillingSweep {
    private static final double EPSILON = 1e-9;
    private static final int NONE = -1;
    /** How many weights of CPU against memory are tried for the bound. */
    private static final int WEIGHTS = 13;

    private final PackingProblem problem;
    private final int nodesAllowed;
    private final Sorted[] sorted;
    /** The kinds of workers that are worth a look, the one that was bought last first. */
    private final int[] workers;

    private final int[] used;
    private int[] chosen = new int[64];
    private int[] bestChosen = new int[64];
    private int count;
    private int bestCount;
    private double bestValue;
    private double[] values;
    private int[] demand;
    private int[] left;
    private int nodes;
    private long steps;

    /** The kinds of tasks that one kind of worker takes, by decreasing value for their weight. */
    private static final class Sorted {
        final WorkerKind worker;
        final int[] kind;
        final double[] cpu;
        final double[] memory;
        final double[] weight;
        final double[] value;
        final double[] rate;
        /** The least that any kind from this place on reserves: where less is free, nothing fits any more. */
        final double[] leastCpu;

        final double[] leastMemory;
        int items;
        /** The place of the weights that bound best; none until they were chosen. */
        int share = NONE;

        Sorted(WorkerKind worker, int kinds) {
            this.worker = worker;
            kind = new int[kinds];
            cpu = new double[kinds];
            memory = new double[kinds];
            weight = new double[kinds];
            value = new double[kinds];
            rate = new double[kinds];
            leastCpu = new double[kinds];
            leastMemory = new double[kinds];
        }
    }

    /**
     * Prepares sweeps.
     *
     * @param nodesAllowed how many nodes the search for one filling looks at before it takes the best so far
     */
    FillingSweep(PackingProblem problem, int nodesAllowed) {
        this.problem = problem;
        this.nodesAllowed = nodesAllowed;
        used = new int[problem.kinds()];
        values = new double[problem.kinds()];
        demand = problem.demand();
        left = demand;
        sorted = Arrays.stream(problem.workers())
                .map(worker -> new Sorted(worker, problem.kinds()))
                .toArray(Sorted[]::new);
        workers = IntStream.range(0, sorted.length)
                .filter(worker -> IntStream.range(0, sorted.length).noneMatch(other -> isNeedless(worker, other)))
                .toArray();
    }

    /** {@return whether another kind of worker takes all that one takes, and costs no more} Of equal ones the first is needed. */
    private boolean isNeedless(int one, int other) {
        WorkerKind worker = problem.workers()[one];
        WorkerKind better = problem.workers()[other];
        if (one == other
                || better.price() > worker.price()
                || better.cpu() < worker.cpu()
                || better.memory() < worker.memory()) {
            return false;
        }
        for (int kind = 0; kind < problem.kinds(); kind++) {
            if (worker.takes()[kind] && !better.takes()[kind]) {
                return false;
            }
        }
        boolean isEqual = better.price() == worker.price()
                && better.cpu() == worker.cpu()
                && better.memory() == worker.memory()
                && Arrays.equals(better.takes(), worker.takes());
        return !isEqual || other < one;
    }

    /** {@return how much has been done so far, in the steps of {@link CheapestPacking}} */
    long effortSpent() {
        return steps;
    }

    /**
     * Says what there is to fill workers with.
     *
     * @param worths what a task of each kind is worth
     * @param tasks how many tasks of each kind there are
     */
    void value(double[] worths, int[] tasks) {
        values = worths.clone();
        demand = tasks.clone();
        for (int worker : workers) {
            sort(worker);
        }
    }

    /**
     * {@return fillings of which each is worth at least so many times its price, together of no more than there is}
     *
     * @param ratio the least ratio of worth to price
     * @param aroundEach whether to fill workers around the most valuable task that is left, rather than with what is best of all
     */
    List<Filling> sweep(double ratio, boolean aroundEach) {
        left = demand.clone();
        List<Filling> fillings = new ArrayList<>();
        if (aroundEach) {
            for (int kind : mostValuableFirst()) {
                boolean any = true;
                while (any && left[kind] > 0) {
                    any = add(best(kind, ratio), fillings);
                }
                // What fits nowhere well must not go into other fillings: they would be as good without.
                left[kind] = 0;
            }
        } else {
            boolean any = true;
            while (any) {
                any = add(best(NONE, ratio), fillings);
            }
        }
        return fillings;
    }

    private int[] mostValuableFirst() {
        int[] kinds = CheapestPacking.kindsOf(demand);
        double[] keys = new double[kinds.length];
        for (int i = 0; i < kinds.length; i++) {
            keys[i] = values[kinds[i]];
        }
        int[] order = decreasing(keys, keys.length);
        for (int i = 0; i < order.length; i++) {
            order[i] = kinds[order[i]];
        }
        return order;
    }

    /** {@return the places of numbers that are not negative, by decreasing number; nearly equal ones by place} */
    private static int[] decreasing(double[] numbers, int count) {
        // Numbers that are not negative sort as their bits do; sorting plain longs takes a fraction of the time of
        // sorting by comparator.
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = (long) Float.floatToIntBits((float) Math.max(0, numbers[i])) << Integer.SIZE | (count - 1 - i);
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = count - 1 - (int) keys[count - 1 - i];
        }
        return order;
    }

    /** Takes a filling as often as what is left allows; {@return whether there is one}. */
    private boolean add(@Nullable Filling filling, List<Filling> fillings) {
        if (filling == null) {
            return false;
        }
        int times = Integer.MAX_VALUE;
        for (int i = 0; i < bestCount; i++) {
            int kind = bestChosen[i];
            times = Math.min(times, left[kind] / filling.tasks()[kind]);
        }
        for (int i = 0; i < bestCount; i++) {
            left[bestChosen[i]] -= times;
        }
        for (int i = 0; i < times; i++) {
            fillings.add(filling);
        }
        return true;
    }

    // ---- one filling ----

    private @Nullable Filling best(int around, double ratio) {
        double most = ratio;
        int found = -1;
        bestCount = 0;
        int at = 0;
        for (int place = 0; place < workers.length; place++) {
            double price = problem.workers()[workers[place]].price();
            if (isWorthMore(workers[place], around, most * price)) {
                found = workers[place];
                at = place;
                most = price > 0 ? bestValue / price : Double.MAX_VALUE;
            }
        }
        if (found < 0) {
            return null;
        }
        // It is likely to be best for the next filling too, and the sooner a good one is known the less of the others
        // is searched.
        System.arraycopy(workers, 0, workers, 1, at);
        workers[0] = found;
        int[] tasks = new int[values.length];
        for (int i = 0; i < bestCount; i++) {
            tasks[bestChosen[i]]++;
        }
        return new Filling(found, tasks);
    }

    /** Searches a filling that is worth more than the threshold, and keeps it; {@return whether there is one}. */
    private boolean isWorthMore(int worker, int around, double threshold) {
        Sorted items = sorted[worker];
        bestValue = threshold;
        nodes = 0;
        count = 0;
        double freeCpu = 1;
        double freeMemory = 1;
        double worth = 0;
        if (around != NONE) {
            if (problem.fitting(worker, around, items.worker.cpu(), items.worker.memory()) == 0) {
                return false;
            }
            freeCpu -= share(problem.cpu()[around], items.worker.cpu());
            freeMemory -= share(problem.memory()[around], items.worker.memory());
            worth = values[around];
            choose(around);
        }
        double part = items.share / (WEIGHTS - 1.0);
        search(items, 0, freeCpu, freeMemory, part * freeCpu + (1 - part) * freeMemory, worth);
        if (around != NONE) {
            used[around]--;
        }
        steps += 5L * nodes;
        return bestValue > threshold;
    }

    private void choose(int kind) {
        used[kind]++;
        if (count == chosen.length) {
            chosen = Arrays.copyOf(chosen, 2 * count);
        }
        chosen[count++] = kind;
    }

    private void search(Sorted items, int from, double freeCpu, double freeMemory, double room, double worth) {
        if (worth > bestValue + EPSILON) {
            bestValue = worth;
            bestCount = count;
            if (bestChosen.length < count) {
                bestChosen = new int[chosen.length];
            }
            System.arraycopy(chosen, 0, bestChosen, 0, count);
        }
        for (int i = from; i < items.items; i++) {
            nodes++;
            if (nodes > nodesAllowed
                    || worth + items.rate[i] * room <= bestValue + EPSILON
                    || items.leastCpu[i] > freeCpu + EPSILON
                    || items.leastMemory[i] > freeMemory + EPSILON) {
                return;
            }
            int kind = items.kind[i];
            boolean fits = items.cpu[i] <= freeCpu + EPSILON && items.memory[i] <= freeMemory + EPSILON;
            if (fits && used[kind] < left[kind] && used[kind] < problem.most()[kind]) {
                choose(kind);
                search(
                        items,
                        i,
                        freeCpu - items.cpu[i],
                        freeMemory - items.memory[i],
                        room - items.weight[i],
                        worth + items.value[i]);
                used[kind]--;
                count--;
            }
        }
    }

    // ---- the order ----

    private static double share(double part, double whole) {
        return part == 0 ? 0 : part / whole;
    }

    private void sort(int worker) {
        Sorted items = sorted[worker];
        int[] kinds = new int[values.length];
        double[] cpu = new double[values.length];
        double[] memory = new double[values.length];
        int many = 0;
        for (int kind = 0; kind < values.length; kind++) {
            if (demand[kind] > 0
                    && values[kind] > EPSILON
                    && problem.fitting(worker, kind, items.worker.cpu(), items.worker.memory()) > 0) {
                kinds[many] = kind;
                cpu[many] = share(problem.cpu()[kind], items.worker.cpu());
                memory[many] = share(problem.memory()[kind], items.worker.memory());
                many++;
            }
        }
        items.items = many;
        // From one sweep to the next the best weights hardly move.
        int first = items.share == NONE ? 0 : Math.max(0, items.share - 1);
        int last = items.share == NONE ? WEIGHTS - 1 : Math.min(WEIGHTS - 1, items.share + 1);
        double least = Double.POSITIVE_INFINITY;
        int[] order = {};
        for (int share = first; share <= last; share++) {
            double[] weight = weights(share, cpu, memory, many);
            double[] rate = new double[many];
            for (int i = 0; i < many; i++) {
                rate[i] = values[kinds[i]] / weight[i];
            }
            int[] byRate = decreasing(rate, many);
            double bound = 0;
            double room = 1;
            for (int i = 0; i < many && room > 0; i++) {
                double taken = Math.min(room, weight[byRate[i]] * demand[kinds[byRate[i]]]);
                bound += taken * rate[byRate[i]];
                room -= taken;
            }
            if (bound < least) {
                least = bound;
                items.share = share;
                order = byRate;
            }
        }
        steps += 30L * many * (last - first + 1);
        place(items, order, kinds, cpu, memory, values);
    }

    private static double[] weights(int share, double[] cpu, double[] memory, int many) {
        double part = share / (WEIGHTS - 1.0);
        double[] weights = new double[many];
        for (int i = 0; i < many; i++) {
            weights[i] = Math.max(part * cpu[i] + (1 - part) * memory[i], EPSILON);
        }
        return weights;
    }

    private static void place(Sorted items, int[] order, int[] kinds, double[] cpu, double[] memory, double[] values) {
        double[] weights = weights(items.share, cpu, memory, order.length);
        double leastCpu = Double.POSITIVE_INFINITY;
        double leastMemory = Double.POSITIVE_INFINITY;
        for (int place = order.length - 1; place >= 0; place--) {
            int i = order[place];
            items.kind[place] = kinds[i];
            items.cpu[place] = cpu[i];
            items.memory[place] = memory[i];
            items.weight[place] = weights[i];
            items.value[place] = values[kinds[i]];
            items.rate[place] = items.value[place] / weights[i];
            leastCpu = Math.min(leastCpu, cpu[i]);
            leastMemory = Math.min(leastMemory, memory[i]);
            items.leastCpu[place] = leastCpu;
            items.leastMemory[place] = leastMemory;
        }
    }
}
