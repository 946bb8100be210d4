package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.Arrays;
import java.util.Random;

/** Makes heterogeneous packing problems; the same seed makes the same problem. Not instantiable. */
final class PackingInstances {
    static final int TASKS = 1_000;
    /** Reservations are whole multiples of this many cores. */
    static final double CPU_STEP = 0.25;
    /** Reservations are whole multiples of this many bytes. */
    static final double MEMORY_STEP = 1L << 28;

    private static final double GIB = 1L << 30;

    private PackingInstances() {}

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
        int types = 3 + random.nextInt(6);
        double[] cpus = new double[types];
        double[] memories = new double[types];
        double[] prices = new double[types];
        int largest = 0;
        for (int type = 0; type < types; type++) {
            cpus[type] = 1 << (1 + random.nextInt(5));
            memories[type] = cpus[type] * (1 << random.nextInt(4)) * GIB;
            // Clouds ask about so much; each has bargains of its own.
            double fair = 0.025 * cpus[type] + 0.0035 * memories[type] / GIB;
            prices[type] = fair * (0.8 + 0.4 * random.nextDouble());
            boolean larger =
                    cpus[type] > cpus[largest] || (cpus[type] == cpus[largest] && memories[type] > memories[largest]);
            largest = larger ? type : largest;
        }
        double[] cpu = new double[kinds];
        double[] memory = new double[kinds];
        int[] demand = new int[kinds];
        double[] share = new double[kinds];
        double all = 0;
        for (int kind = 0; kind < kinds; kind++) {
            double skew = Math.pow(random.nextDouble(), 2);
            cpu[kind] = Math.max(1, Math.floor(skew * cpus[largest] / 2 / CPU_STEP)) * CPU_STEP;
            skew = Math.pow(random.nextDouble(), 2);
            memory[kind] = Math.max(1, Math.floor(skew * memories[largest] / 2 / MEMORY_STEP)) * MEMORY_STEP;
            share[kind] = -Math.log(1 - random.nextDouble()) + 0.05;
            all += share[kind];
        }
        int left = tasks;
        for (int kind = 0; kind < kinds; kind++) {
            demand[kind] = kind == kinds - 1 ? left : Math.min(left, (int) Math.max(1, tasks * share[kind] / all));
            left -= demand[kind];
        }
        int[] most = new int[kinds];
        Arrays.fill(most, Integer.MAX_VALUE);
        WorkerKind[] workers = new WorkerKind[types];
        boolean[] takes = new boolean[kinds];
        Arrays.fill(takes, true);
        for (int type = 0; type < types; type++) {
            workers[type] = new WorkerKind(cpus[type], memories[type], prices[type], takes);
        }
        return new PackingProblem(cpu, memory, demand, most, workers);
    }

    /** Seeds that follow each other begin with nearly the same numbers unless they are spread. */
    private static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }
}
