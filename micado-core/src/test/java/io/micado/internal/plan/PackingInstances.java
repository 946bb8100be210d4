package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes heterogeneous packing problems; the same seed makes the same problem. Not instantiable. */
final class PackingInstances {
    static final int TASKS = 1_000;
    /** Reservations are whole multiples of this many cores. */
    static final double CPU_STEP = 0.25;
    /** Reservations are whole multiples of this many bytes. */
    static final double MEMORY_STEP = 1L << 28;

    private static final double GIB = 1L << 30;

    /** Where nearly every task has a size of its own, sizes are whole multiples of the most CPU of any worker, divided by this. */
    static final int CPU_STEPS = 256;
    /** The same for memory. */
    static final int MEMORY_STEPS = 2_048;

    private PackingInstances() {}

    /** How tasks differ in size. */
    enum Sizes {
        /** Any size up to half of the largest worker, CPU and memory without regard to each other. */
        UNIFORM,
        /** Three of four tasks are small, the others large. */
        MIXED,
        /** Tasks with much CPU have much memory. */
        CORRELATED,
        /** Tasks with much CPU have little memory. */
        OPPOSED,
        /** Small ones are more frequent than large ones, in CPU and memory without regard to each other. */
        SKEWED,
        /** As uniform, with 12 to 24 kinds of workers. */
        MANY_OFFERINGS
    }

    /** {@return the sizes of the tasks of a seed's problem} */
    static Sizes sizesOfSeed(long seed) {
        return Sizes.values()[(int) (seed % Sizes.values().length)];
    }

    /** {@return a thousand tasks, nearly each of its own size, none larger than half of the largest of 3 to 24 kinds of workers} */
    static PackingProblem ofManySizes(long seed) {
        Sizes sizes = sizesOfSeed(seed);
        Random random = random(seed + 2_000);
        WorkerKind[] offered =
                workers(random, sizes == Sizes.MANY_OFFERINGS ? 12 + random.nextInt(13) : 3 + random.nextInt(6));
        WorkerKind largest = largest(offered);
        double cpuStep = largest.cpu() / CPU_STEPS;
        double memoryStep =
                Arrays.stream(offered).mapToDouble(WorkerKind::memory).max().orElseThrow() / MEMORY_STEPS;
        SortedMap<List<Integer>, Integer> tasks = new TreeMap<>(
                Comparator.comparing((List<Integer> size) -> size.get(0)).thenComparing(size -> size.get(1)));
        for (int task = 0; task < TASKS; task++) {
            double[] size = size(sizes, random);
            int cpu = (int) Math.ceil(size[0] * largest.cpu() / cpuStep / 2);
            int memory = (int) Math.ceil(size[1] * largest.memory() / memoryStep / 2);
            tasks.merge(List.of(Math.max(1, cpu), Math.max(1, memory)), 1, Integer::sum);
        }
        double[] cpu = new double[tasks.size()];
        double[] memory = new double[tasks.size()];
        int[] demand = new int[tasks.size()];
        int kind = 0;
        for (Map.Entry<List<Integer>, Integer> size : tasks.entrySet()) {
            cpu[kind] = size.getKey().get(0) * cpuStep;
            memory[kind] = size.getKey().get(1) * memoryStep;
            demand[kind] = size.getValue();
            kind++;
        }
        return problem(cpu, memory, demand, offered);
    }

    /** {@return CPU and memory of a task, as shares of the most that there may be} */
    private static double[] size(Sizes sizes, Random random) {
        double one = random.nextDouble();
        double other = random.nextDouble();
        double near = 0.7 + 0.3 * other;
        return switch (sizes) {
            case UNIFORM, MANY_OFFERINGS -> new double[] {one, other};
            case SKEWED -> new double[] {one * one, other * other};
            case CORRELATED -> new double[] {one, one * near};
            case OPPOSED -> new double[] {one, (1 - one) * near};
            case MIXED ->
                random.nextInt(4) > 0
                        ? new double[] {one / 8, other / 8}
                        : new double[] {0.5 + one / 2, 0.5 + other / 2};
        };
    }

    /** {@return a thousand tasks of 10 to 80 kinds, none larger than half of the largest of 3 to 8 kinds of workers} */
    static PackingProblem ofSeed(long seed) {
        return of(seed, 10 + random(seed).nextInt(71));
    }

    /** {@return a thousand tasks of so many kinds} */
    static PackingProblem of(long seed, int kinds) {
        return of(seed, kinds, TASKS);
    }

    /** {@return so many tasks of so many kinds} */
    static PackingProblem of(long seed, int kinds, int tasks) {
        Random random = random(seed + 1_000);
        WorkerKind[] offered = workers(random, 3 + random.nextInt(6));
        WorkerKind largest = largest(offered);
        double[] cpu = new double[kinds];
        double[] memory = new double[kinds];
        int[] demand = new int[kinds];
        double[] share = new double[kinds];
        double all = 0;
        for (int kind = 0; kind < kinds; kind++) {
            double skew = Math.pow(random.nextDouble(), 2);
            cpu[kind] = Math.max(1, Math.floor(skew * largest.cpu() / 2 / CPU_STEP)) * CPU_STEP;
            skew = Math.pow(random.nextDouble(), 2);
            memory[kind] = Math.max(1, Math.floor(skew * largest.memory() / 2 / MEMORY_STEP)) * MEMORY_STEP;
            share[kind] = -Math.log(1 - random.nextDouble()) + 0.05;
            all += share[kind];
        }
        int left = tasks;
        for (int kind = 0; kind < kinds; kind++) {
            demand[kind] = kind == kinds - 1 ? left : Math.min(left, (int) Math.max(1, tasks * share[kind] / all));
            left -= demand[kind];
        }
        return problem(cpu, memory, demand, offered);
    }

    private static WorkerKind[] workers(Random random, int types) {
        WorkerKind[] workers = new WorkerKind[types];
        for (int type = 0; type < types; type++) {
            double cpus = 1 << (1 + random.nextInt(5));
            double memory = cpus * (1 << random.nextInt(4)) * GIB;
            // Clouds ask about so much; each has bargains of its own.
            double fair = 0.025 * cpus + 0.0035 * memory / GIB;
            workers[type] = new WorkerKind(cpus, memory, fair * (0.8 + 0.4 * random.nextDouble()), new boolean[0]);
        }
        return workers;
    }

    private static WorkerKind largest(WorkerKind[] workers) {
        return Arrays.stream(workers)
                .max(Comparator.comparingDouble(WorkerKind::cpu).thenComparingDouble(WorkerKind::memory))
                .orElseThrow();
    }

    /** All workers take all kinds of tasks, any number of them. */
    private static PackingProblem problem(double[] cpu, double[] memory, int[] demand, WorkerKind[] offered) {
        int[] most = new int[cpu.length];
        Arrays.fill(most, Integer.MAX_VALUE);
        boolean[] takes = new boolean[cpu.length];
        Arrays.fill(takes, true);
        WorkerKind[] workers = Arrays.stream(offered)
                .map(worker -> new WorkerKind(worker.cpu(), worker.memory(), worker.price(), takes))
                .toArray(WorkerKind[]::new);
        return new PackingProblem(cpu, memory, demand, most, workers);
    }

    /** Seeds that follow each other begin with nearly the same numbers unless they are spread. */
    private static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }
}
