package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Packs tasks as others do: first fit decreasing onto workers of one kind after the other. Used by {@link CheapestPacking}, which is
 * therefore never dearer. Confined to one call of the planner.
 */
final class FirstFitPacking {
    private final PackingProblem problem;
    private final int[] largestFirst;
    private final double mostCpu;
    private final double mostMemory;

    /** All tasks that workers of one kind take, and what is left of the others. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Packed(List<Filling> fillings, double waste, int[] left) {}

    /** A worker while it is filled. */
    private static final class Bin {
        final int[] tasks;
        double cpu;
        double memory;

        Bin(WorkerKind kind, int kinds) {
            tasks = new int[kinds];
            cpu = kind.cpu();
            memory = kind.memory();
        }
    }

    FirstFitPacking(PackingProblem problem) {
        this.problem = problem;
        double cpu = 0;
        double memory = 0;
        for (WorkerKind worker : problem.workers()) {
            cpu = Math.max(cpu, worker.cpu());
            memory = Math.max(memory, worker.memory());
        }
        mostCpu = Math.max(cpu, Double.MIN_NORMAL);
        mostMemory = Math.max(memory, Double.MIN_NORMAL);
        Integer[] order = new Integer[problem.kinds()];
        Arrays.setAll(order, kind -> kind);
        Arrays.sort(
                order,
                Comparator.comparingDouble(
                        kind -> -problem.cpu()[kind] / mostCpu - problem.memory()[kind] / mostMemory));
        largestFirst = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /**
     * {@return what Kubernetes' Cluster Autoscaler buys with its expander {@code least-waste}} Of the kinds of workers, that which
     * leaves least of its CPU and memory idle, then the same for the tasks that fit on none of them.
     */
    List<Filling> leastWaste() {
        List<Filling> all = new ArrayList<>();
        int[] left = problem.demand();
        while (anyLeft(left)) {
            Packed best = null;
            for (int worker = 0; worker < problem.workers().length; worker++) {
                Packed packed = pack(worker, left);
                if (!packed.fillings().isEmpty() && (best == null || packed.waste() < best.waste())) {
                    best = packed;
                }
            }
            if (best == null) {
                throw new IllegalArgumentException("no worker takes what is left");
            }
            all.addAll(best.fillings());
            left = best.left();
        }
        return all;
    }

    /** {@return everything on the kind of worker that is cheapest for what it has, and what does not fit there on the next one} */
    List<Filling> cheapestKind() {
        WorkerKind[] workers = problem.workers();
        Integer[] order = new Integer[workers.length];
        Arrays.setAll(order, worker -> worker);
        Arrays.sort(
                order,
                Comparator.comparingDouble(worker -> workers[worker].price()
                        / (workers[worker].cpu() / mostCpu + workers[worker].memory() / mostMemory)));
        List<Filling> all = new ArrayList<>();
        int[] left = problem.demand();
        for (int worker : order) {
            Packed packed = pack(worker, left);
            all.addAll(packed.fillings());
            left = packed.left();
        }
        return all;
    }

    private static boolean anyLeft(int[] left) {
        return Arrays.stream(left).anyMatch(count -> count > 0);
    }

    private Packed pack(int worker, int[] demand) {
        WorkerKind kind = problem.workers()[worker];
        int[] left = demand.clone();
        List<Bin> bins = new ArrayList<>();
        for (int task : largestFirst) {
            if (left[task] > 0 && problem.fitting(worker, task, kind.cpu(), kind.memory()) > 0) {
                for (int bin = 0; left[task] > 0; bin++) {
                    if (bin == bins.size()) {
                        bins.add(new Bin(kind, left.length));
                    }
                    put(worker, task, left, bins.get(bin));
                }
            }
        }
        List<Filling> fillings = new ArrayList<>();
        double idleCpu = 0;
        double idleMemory = 0;
        for (Bin bin : bins) {
            fillings.add(new Filling(worker, bin.tasks));
            idleCpu += bin.cpu;
            idleMemory += bin.memory;
        }
        double waste = share(idleCpu, kind.cpu() * bins.size()) + share(idleMemory, kind.memory() * bins.size());
        return new Packed(fillings, waste, left);
    }

    private void put(int worker, int task, int[] left, Bin bin) {
        int count = Math.min(left[task], problem.fitting(worker, task, bin.cpu, bin.memory));
        if (count > 0) {
            bin.tasks[task] += count;
            bin.cpu -= count * problem.cpu()[task];
            bin.memory -= count * problem.memory()[task];
            left[task] -= count;
        }
    }

    private static double share(double part, double whole) {
        return whole > 0 ? part / whole : 0;
    }
}
