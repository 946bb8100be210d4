package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Searches the most valuable tasks that one worker takes: a bounded knapsack of two dimensions, by branch and bound. Used by
 * {@link CheapestPacking}. Confined to one call of the planner.
 *
 * <p>The bound takes CPU and memory together as one weighted resource, with the weights that bind best, and lets tasks be divided. Tasks
 * are tried by decreasing value for their weight, most of them first, so that the first leaf is the greedy filling.
 */
final class FillingSearch {
    private static final double EPSILON = 1e-9;
    /** How many weights of CPU against memory are tried for the bound. */
    private static final int WEIGHTS = 9;

    private final PackingProblem problem;
    private final long nodesAllowed;
    private final int[] kindAt;
    private final double[] cpu;
    private final double[] memory;
    private final double[] weight;
    private final double[] value;
    private final int[] most;
    private final int[] chosen;
    private final int[] bestChosen;
    private int items;
    private double bestValue;
    private boolean found;
    private long nodes;
    private long nodesInAll;

    /**
     * Prepares searches.
     *
     * @param nodesAllowed how many nodes one search looks at before it takes the best so far
     */
    FillingSearch(PackingProblem problem, long nodesAllowed) {
        this.problem = problem;
        this.nodesAllowed = nodesAllowed;
        int kinds = problem.kinds();
        kindAt = new int[kinds];
        cpu = new double[kinds];
        memory = new double[kinds];
        weight = new double[kinds];
        value = new double[kinds];
        most = new int[kinds];
        chosen = new int[kinds];
        bestChosen = new int[kinds];
    }

    /** {@return how many nodes all searches have looked at so far} */
    long nodesInAll() {
        return nodesInAll;
    }

    /**
     * {@return how many tasks of each kind are worth most on a worker; null when no filling is worth more than the threshold}
     *
     * @param values what a task of each kind is worth
     * @param left how many tasks of each kind there are
     */
    int @Nullable [] best(int worker, double[] values, int[] left, double threshold) {
        collect(worker, values, left);
        if (items == 0 || !weigh(threshold)) {
            return null;
        }
        bestValue = threshold;
        found = false;
        nodes = 0;
        search(0, 1, 1, 1, 0);
        nodesInAll += nodes;
        if (!found) {
            return null;
        }
        int[] tasks = new int[problem.kinds()];
        for (int item = 0; item < items; item++) {
            tasks[kindAt[item]] = bestChosen[item];
        }
        return tasks;
    }

    /** Takes the kinds of tasks that count, each in shares of what the worker has. */
    private void collect(int worker, double[] values, int[] left) {
        WorkerKind kind = problem.workers()[worker];
        items = 0;
        for (int task = 0; task < problem.kinds(); task++) {
            int fitting = values[task] <= EPSILON || left[task] == 0
                    ? 0
                    : Math.min(left[task], problem.fitting(worker, task, kind.cpu(), kind.memory()));
            if (fitting > 0) {
                kindAt[items] = task;
                value[items] = values[task];
                most[items] = fitting;
                cpu[items] = problem.cpu()[task] == 0 ? 0 : problem.cpu()[task] / kind.cpu();
                memory[items] = problem.memory()[task] == 0 ? 0 : problem.memory()[task] / kind.memory();
                items++;
            }
        }
    }

    /** Chooses the weights and sorts by value for weight; {@return whether the bound leaves hope for more than the threshold} */
    private boolean weigh(double threshold) {
        double least = Double.POSITIVE_INFINITY;
        double bestShare = 0;
        for (int i = 0; i < WEIGHTS; i++) {
            double share = i / (WEIGHTS - 1.0);
            sortBy(share);
            double bound = bound(0, 1);
            if (bound < least) {
                least = bound;
                bestShare = share;
            }
            if (least <= threshold + EPSILON) {
                return false;
            }
        }
        sortBy(bestShare);
        return true;
    }

    private void sortBy(double share) {
        for (int i = 0; i < items; i++) {
            weight[i] = Math.max(share * cpu[i] + (1 - share) * memory[i], 1e-12);
        }
        // By insertion: nearly sorted from one weight to the next.
        for (int i = 1; i < items; i++) {
            for (int j = i; j > 0 && value[j] * weight[j - 1] > value[j - 1] * weight[j]; j--) {
                swap(j, j - 1);
            }
        }
    }

    private void swap(int i, int j) {
        int k = kindAt[i];
        kindAt[i] = kindAt[j];
        kindAt[j] = k;
        k = most[i];
        most[i] = most[j];
        most[j] = k;
        swap(cpu, i, j);
        swap(memory, i, j);
        swap(weight, i, j);
        swap(value, i, j);
    }

    private static void swap(double[] array, int i, int j) {
        double kept = array[i];
        array[i] = array[j];
        array[j] = kept;
    }

    /** {@return what the items from this one on are worth at most in so much of the weighted resource} */
    private double bound(int from, double room) {
        double worth = 0;
        double left = room;
        for (int i = from; i < items && left > 0; i++) {
            double taken = Math.min(most[i] * weight[i], left);
            worth += value[i] * taken / weight[i];
            left -= taken;
        }
        return worth;
    }

    private void search(int item, double freeCpu, double freeMemory, double room, double worth) {
        nodes++;
        if (worth > bestValue + EPSILON) {
            bestValue = worth;
            found = true;
            System.arraycopy(chosen, 0, bestChosen, 0, item);
            Arrays.fill(bestChosen, item, items, 0);
        }
        if (item == items || nodes >= nodesAllowed || worth + bound(item, room) <= bestValue + EPSILON) {
            return;
        }
        int fitting = most[item];
        if (cpu[item] > 0) {
            fitting = (int) Math.min(fitting, (freeCpu + EPSILON) / cpu[item]);
        }
        if (memory[item] > 0) {
            fitting = (int) Math.min(fitting, (freeMemory + EPSILON) / memory[item]);
        }
        for (int count = fitting; count >= 0 && nodes < nodesAllowed; count--) {
            chosen[item] = count;
            search(
                    item + 1,
                    freeCpu - count * cpu[item],
                    freeMemory - count * memory[item],
                    room - count * weight[item],
                    worth + count * value[item]);
        }
    }
}
