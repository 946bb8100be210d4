package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What packings of others cost, task by task, to compare with. Not instantiable. */
final class KnownPackings {
    private KnownPackings() {}

    /** One task. */
    private record Task(int kind, double cpu, double memory, double size) {}

    /** Workers of one type, filled as far as they go. */
    private record Packed(int type, int workers, double waste, List<Task> left) {}

    /**
     * {@return the price of what Kubernetes' Cluster Autoscaler buys with its expander {@code least-waste}}: for each type it estimates
     * by first fit decreasing how many workers the waiting tasks take, and buys those of the type that would leave the least of CPU
     * and memory idle; the tasks that fit on none of them wait for the next round.
     */
    static double leastWaste(PackingProblem problem) {
        List<Task> left = tasks(problem);
        double price = 0;
        while (!left.isEmpty()) {
            Packed best = null;
            for (int type = 0; type < problem.workers().length; type++) {
                Packed packed = firstFitDecreasing(problem, left, type);
                if (packed.workers() > 0 && (best == null || packed.waste() < best.waste())) {
                    best = packed;
                }
            }
            price += best.workers() * problem.workers()[best.type()].price();
            left = best.left();
        }
        return price;
    }

    /**
     * {@return the price of first fit decreasing on the cheapest type that takes the tasks}, cheapest for its CPU and memory; what does
     * not fit there goes to the next cheapest.
     */
    static double cheapestType(PackingProblem problem) {
        WorkerKind[] workers = problem.workers();
        List<Integer> types = new ArrayList<>();
        for (int type = 0; type < workers.length; type++) {
            types.add(type);
        }
        double cpu = 0;
        double memory = 0;
        for (WorkerKind worker : workers) {
            cpu = Math.max(cpu, worker.cpu());
            memory = Math.max(memory, worker.memory());
        }
        double mostCpu = cpu;
        double mostMemory = memory;
        types.sort(Comparator.comparingDouble(
                type -> workers[type].price() / (workers[type].cpu() / mostCpu + workers[type].memory() / mostMemory)));
        List<Task> left = tasks(problem);
        double price = 0;
        for (int type : types) {
            Packed packed = firstFitDecreasing(problem, left, type);
            price += packed.workers() * workers[type].price();
            left = packed.left();
        }
        return price;
    }

    private static Packed firstFitDecreasing(PackingProblem problem, List<Task> tasks, int type) {
        WorkerKind worker = problem.workers()[type];
        List<double[]> free = new ArrayList<>();
        List<Task> left = new ArrayList<>();
        double cpu = 0;
        double memory = 0;
        for (Task task : tasks) {
            if (task.cpu() > worker.cpu() + 1e-9 || task.memory() > worker.memory() + 1e-9) {
                left.add(task);
                continue;
            }
            double[] place = null;
            for (double[] one : free) {
                if (place == null && task.cpu() <= one[0] + 1e-9 && task.memory() <= one[1] + 1e-9) {
                    place = one;
                }
            }
            if (place == null) {
                place = new double[] {worker.cpu(), worker.memory()};
                free.add(place);
            }
            place[0] -= task.cpu();
            place[1] -= task.memory();
            cpu += task.cpu();
            memory += task.memory();
        }
        double waste = (1 - cpu / (free.size() * worker.cpu())) + (1 - memory / (free.size() * worker.memory()));
        return new Packed(type, free.size(), waste, left);
    }

    private static List<Task> tasks(PackingProblem problem) {
        double cpu = 0;
        double memory = 0;
        for (WorkerKind worker : problem.workers()) {
            cpu = Math.max(cpu, worker.cpu());
            memory = Math.max(memory, worker.memory());
        }
        List<Task> tasks = new ArrayList<>();
        for (int kind = 0; kind < problem.kinds(); kind++) {
            double size = problem.cpu()[kind] / cpu + problem.memory()[kind] / memory;
            for (int i = 0; i < problem.demand()[kind]; i++) {
                tasks.add(new Task(kind, problem.cpu()[kind], problem.memory()[kind], size));
            }
        }
        tasks.sort(Comparator.comparingDouble((Task task) -> -task.size()));
        return tasks;
    }
}
