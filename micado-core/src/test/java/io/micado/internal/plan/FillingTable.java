package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the most valuable tasks are worth that fit into so much CPU and memory, for all amounts on a grid, by dynamic programming. Sizes
 * are rounded down to the grid, and worths up, so that no filling is worth more than the table says; the sizes of {@link PackingInstances}
 * are on the grid. The heart of {@link ConfigurationBound}.
 */
final class FillingTable {
    /** Worths are held in whole parts of the highest price, this many: whole numbers are added several at a time. */
    private static final double UNITS = 1 << 25;

    private static final double ROUNDING = 1e-6;

    private final PackingProblem problem;
    private final int[] cpu;
    private final int[] memory;
    private final int[] workerCpu;
    private final int[] workerMemory;
    private final int width;
    private final int[] table;
    private final double unit;

    FillingTable(PackingProblem problem) {
        this.problem = problem;
        double cpuStep = step(problem.cpu(), problem.workers(), WorkerKind::cpu, PackingInstances.CPU_STEPS);
        double memoryStep =
                step(problem.memory(), problem.workers(), WorkerKind::memory, PackingInstances.MEMORY_STEPS);
        cpu = steps(problem.cpu(), cpuStep);
        memory = steps(problem.memory(), memoryStep);
        WorkerKind[] workers = problem.workers();
        workerCpu = steps(Arrays.stream(workers).mapToDouble(WorkerKind::cpu).toArray(), cpuStep);
        workerMemory =
                steps(Arrays.stream(workers).mapToDouble(WorkerKind::memory).toArray(), memoryStep);
        width = Arrays.stream(workerMemory).max().orElseThrow() + 1;
        table = new int[(Arrays.stream(workerCpu).max().orElseThrow() + 1) * width];
        unit = Arrays.stream(workers).mapToDouble(WorkerKind::price).max().orElseThrow() / UNITS;
    }

    /** The coarsest grid that has all sizes on it, or else the finest. */
    private static double step(double[] sizes, WorkerKind[] workers, ToDoubleFunction<WorkerKind> size, int finest) {
        double most = Arrays.stream(workers).mapToDouble(size).max().orElseThrow();
        double[] all = Arrays.copyOf(sizes, sizes.length + workers.length);
        for (int worker = 0; worker < workers.length; worker++) {
            all[sizes.length + worker] = size.applyAsDouble(workers[worker]);
        }
        double step = most / finest;
        while (areWhole(all, 2 * step) && 2 * step <= most) {
            step *= 2;
        }
        return step;
    }

    private static boolean areWhole(double[] sizes, double step) {
        return Arrays.stream(sizes).allMatch(size -> Math.abs(size / step - Math.rint(size / step)) < ROUNDING);
    }

    private static int[] steps(double[] sizes, double step) {
        return Arrays.stream(sizes)
                .mapToInt(size -> (int) Math.floor(size / step + ROUNDING))
                .toArray();
    }

    /** Fills the table. */
    void fill(double[] worth) {
        Arrays.fill(table, 0);
        int height = table.length / width;
        for (int kind = 0; kind < worth.length; kind++) {
            int left = worth[kind] <= 0 ? 0 : problem.demand()[kind];
            // One, two, four … of a kind together make any number of them.
            for (int together = 1; left > 0; together *= 2) {
                int count = Math.min(together, left);
                left -= count;
                if ((long) count * cpu[kind] >= height || (long) count * memory[kind] >= width) {
                    break;
                }
                add(count * cpu[kind], count * memory[kind], (int) Math.ceil(count * worth[kind] / unit));
            }
        }
    }

    private void add(int cpus, int memories, int worth) {
        for (int row = table.length - width; row >= cpus * width; row -= width) {
            int from = row - cpus * width;
            if (cpus > 0) {
                raise(row + memories, from, width - memories, worth);
            } else {
                for (int i = width - 1; i >= memories; i--) {
                    table[row + i] = Math.max(table[row + i], table[row + i - memories] + worth);
                }
            }
        }
    }

    private void raise(int to, int from, int length, int worth) {
        for (int i = 0; i < length; i++) {
            table[to + i] = Math.max(table[to + i], table[from + i] + worth);
        }
    }

    /** {@return what any filling of a worker is worth at most} */
    double most(int worker) {
        return table[workerCpu[worker] * width + workerMemory[worker]] * unit;
    }

    /**
     * {@return the most valuable filling that has a certain task, where the table says that it may be worth more than the threshold}
     *
     * @param worth what tasks are worth now: no more than when the table was filled
     */
    @Nullable
    Filling around(int kind, int worker, double[] worth, double threshold) {
        int freeCpu = workerCpu[worker] - cpu[kind];
        int freeMemory = workerMemory[worker] - memory[kind];
        if (freeCpu < 0 || freeMemory < 0 || worth[kind] + table[freeCpu * width + freeMemory] * unit <= threshold) {
            return null;
        }
        int[] tasks = new int[worth.length];
        double value = 0;
        int next = kind;
        while (next >= 0) {
            if (next != kind || tasks[kind] > 0) {
                freeCpu -= cpu[next];
                freeMemory -= memory[next];
            }
            tasks[next]++;
            value += worth[next];
            next = next(freeCpu, freeMemory, worth, tasks);
        }
        return value > threshold && problem.fits(worker, tasks) ? new Filling(worker, tasks) : null;
    }

    private int next(int freeCpu, int freeMemory, double[] worth, int[] tasks) {
        int next = -1;
        double most = 0;
        for (int kind = 0; kind < worth.length; kind++) {
            boolean may = worth[kind] > 0 && cpu[kind] <= freeCpu && memory[kind] <= freeMemory;
            if (may && tasks[kind] < problem.demand()[kind]) {
                double value = worth[kind] + table[(freeCpu - cpu[kind]) * width + freeMemory - memory[kind]] * unit;
                if (value > most) {
                    most = value;
                    next = kind;
                }
            }
        }
        return next;
    }

    /** {@return the kinds of tasks, the most valuable first} */
    static List<Integer> mostValuableFirst(double[] worth) {
        List<Integer> kinds = new ArrayList<>();
        for (int kind = 0; kind < worth.length; kind++) {
            kinds.add(kind);
        }
        kinds.sort((one, other) -> Double.compare(worth[other], worth[one]));
        return kinds;
    }
}
