package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;

/**
 * What CPU and memory are worth if workers could be bought in fractions and tasks divided at will: the dual program of covering the sums
 * alone. It tells good fillings from bad ones, and large tasks from small ones, without solving anything. Used by {@link GroupRepacking}.
 * Immutable.
 *
 * @param cpu what a core is worth
 * @param memory what a byte is worth
 */
record VolumePrices(double cpu, double memory) {
    private static final double EPSILON = 1e-9;

    /** {@return the prices at which all tasks are worth most while no worker is worth more than it costs} */
    static VolumePrices of(PackingProblem problem) {
        double cpus = 0;
        double memories = 0;
        for (int kind = 0; kind < problem.kinds(); kind++) {
            cpus += problem.cpu()[kind] * problem.demand()[kind];
            memories += problem.memory()[kind] * problem.demand()[kind];
        }
        // The best point lies where one worker's limit meets an axis or another worker's limit.
        WorkerKind[] workers = problem.workers();
        VolumePrices best = new VolumePrices(0, 0);
        for (int one = 0; one < workers.length; one++) {
            best = better(
                    best, new VolumePrices(workers[one].price() / workers[one].cpu(), 0), workers, cpus, memories);
            best = better(
                    best, new VolumePrices(0, workers[one].price() / workers[one].memory()), workers, cpus, memories);
            for (int other = 0; other < one; other++) {
                double determinant =
                        workers[one].cpu() * workers[other].memory() - workers[other].cpu() * workers[one].memory();
                double cpu = (workers[one].price() * workers[other].memory()
                                - workers[other].price() * workers[one].memory())
                        / determinant;
                double memory =
                        (workers[other].price() * workers[one].cpu() - workers[one].price() * workers[other].cpu())
                                / determinant;
                best = better(best, new VolumePrices(cpu, memory), workers, cpus, memories);
            }
        }
        return best;
    }

    private static VolumePrices better(
            VolumePrices best, VolumePrices other, WorkerKind[] workers, double cpus, double memories) {
        boolean isPossible = other.cpu >= 0 && other.memory >= 0;
        for (WorkerKind worker : workers) {
            isPossible &= other.of(worker.cpu(), worker.memory()) <= worker.price() * (1 + EPSILON);
        }
        return isPossible && other.of(cpus, memories) > best.of(cpus, memories) ? other : best;
    }

    /** {@return what so much of both is worth} */
    double of(double cpus, double memories) {
        return cpu * cpus + memory * memories;
    }

    /** {@return the share of a filling's price that its tasks are worth} */
    double use(PackingProblem problem, Filling filling) {
        double worth = 0;
        for (int kind = 0; kind < filling.tasks().length; kind++) {
            if (filling.tasks()[kind] > 0) {
                worth += filling.tasks()[kind] * of(problem.cpu()[kind], problem.memory()[kind]);
            }
        }
        double price = problem.price(filling);
        return price > 0 ? worth / price : 1;
    }
}
