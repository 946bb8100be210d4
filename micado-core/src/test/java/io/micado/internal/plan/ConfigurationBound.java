package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The least price at which tasks could be packed if fillings could be bought in fractions: the bound of the configuration program, by
 * column generation. Proven by weak duality, whatever led there: the worths of tasks, divided by how much more than its price any filling
 * is worth at most, are a solution of the dual program (A. Farley, A Note on Bounding a Class of Linear Programming Problems, Operations
 * Research 38, 1990); dynamic programming finds that filling. Not instantiable.
 */
final class ConfigurationBound {
    /** How much more than its price a filling may be worth in the end; the bound is lowered by no more. */
    private static final double SLACK = 0.0005;

    private ConfigurationBound() {}

    /**
     * {@return the bound}
     *
     * @param known fillings that are good to begin with
     */
    static double of(PackingProblem problem, List<Filling> known) {
        SimplePacking simple = new SimplePacking(problem);
        int[] kinds = IntStream.range(0, problem.kinds()).toArray();
        List<Filling> first = new ArrayList<>();
        for (int kind : kinds) {
            first.add(simple.alone(kind, problem.demand()[kind]));
        }
        CoveringProgram program = new CoveringProgram(problem, kinds, problem.demand(), first);
        FillingSearch quick = new FillingSearch(problem, 3_000);
        while (true) {
            double[] worth = program.worth();
            while (enters(problem, program, worth, known) || improves(problem, program, worth, quick)) {
                worth = program.worth();
            }
            double most = 1;
            for (int worker = 0; worker < problem.workers().length; worker++) {
                int[] tasks = best(problem, worker, worth);
                double value = 0;
                for (int kind : kinds) {
                    value += tasks[kind] * worth[kind];
                }
                double ratio = value / problem.workers()[worker].price();
                if (ratio > 1 + SLACK) {
                    program.enter(new Filling(worker, tasks));
                }
                most = Math.max(most, ratio);
            }
            if (most <= 1 + SLACK) {
                double bound = 0;
                for (int kind : kinds) {
                    bound += Math.max(0, worth[kind]) * problem.demand()[kind];
                }
                return bound / most;
            }
        }
    }

    private static boolean enters(
            PackingProblem problem, CoveringProgram program, double[] worth, List<Filling> known) {
        Filling found = null;
        // A little more than nothing: fillings that are worth no more would enter for ever.
        double most = 1 + SLACK;
        for (Filling filling : known) {
            double value = 0;
            for (int kind = 0; kind < worth.length; kind++) {
                value += filling.tasks()[kind] * worth[kind];
            }
            if (value > most * problem.price(filling)) {
                most = value / problem.price(filling);
                found = filling;
            }
        }
        return found != null && program.enter(found);
    }

    private static boolean improves(
            PackingProblem problem, CoveringProgram program, double[] worth, FillingSearch quick) {
        for (int kind = 0; kind < worth.length; kind++) {
            if (worth[kind] < -1e-9) {
                return program.enterSurplus(kind);
            }
        }
        WorkerKind[] workers = problem.workers();
        for (int worker = 0; worker < workers.length; worker++) {
            int[] tasks = quick.best(worker, worth, problem.demand(), workers[worker].price() * (1 + SLACK));
            if (tasks != null) {
                return program.enter(new Filling(worker, tasks));
            }
        }
        return false;
    }

    /** {@return the most valuable tasks on a worker} Exact, by dynamic programming. */
    private static int[] best(PackingProblem problem, int worker, double[] worth) {
        WorkerKind kind = problem.workers()[worker];
        int cpus = (int) Math.round(kind.cpu() / PackingInstances.CPU_STEP);
        int memories = (int) Math.round(kind.memory() / PackingInstances.MEMORY_STEP);
        int[] cpu = new int[worth.length];
        int[] memory = new int[worth.length];
        for (int task = 0; task < worth.length; task++) {
            cpu[task] = (int) Math.round(problem.cpu()[task] / PackingInstances.CPU_STEP);
            memory[task] = (int) Math.round(problem.memory()[task] / PackingInstances.MEMORY_STEP);
        }
        double[][] value = new double[cpus + 1][memories + 1];
        for (int task = 0; task < worth.length; task++) {
            for (int c = cpu[task]; worth[task] > 0 && c <= cpus; c++) {
                double[] from = value[c - cpu[task]];
                double[] to = value[c];
                for (int m = memory[task]; m <= memories; m++) {
                    to[m] = Math.max(to[m], from[m - memory[task]] + worth[task]);
                }
            }
        }
        int[] tasks = new int[worth.length];
        int c = cpus;
        int m = memories;
        while (value[c][m] > 0) {
            int taken = -1;
            for (int task = 0; task < worth.length && taken < 0; task++) {
                boolean fits = worth[task] > 0 && cpu[task] <= c && memory[task] <= m;
                if (fits && value[c][m] <= value[c - cpu[task]][m - memory[task]] + worth[task] + 1e-12) {
                    taken = task;
                }
            }
            tasks[taken]++;
            c -= cpu[taken];
            m -= memory[taken];
        }
        return tasks;
    }
}
