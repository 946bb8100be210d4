package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Packs tasks in simple and fast ways, the largest first. Used by {@link CheapestPacking}. Confined to one call of the planner.
 */
final class SimplePacking {
    private static final double LEAST_WORK = 1e-6;
    private static final int NONE = -1;

    private final PackingProblem problem;
    private final double[] size;
    private final int[] largestFirst;
    /** The least that any kind from this place in the order on reserves: what has less free is full. */
    private final double[] leastCpu;

    private final double[] leastMemory;

    SimplePacking(PackingProblem problem) {
        this.problem = problem;
        double mostCpu = 0;
        double mostMemory = 0;
        for (WorkerKind worker : problem.workers()) {
            mostCpu = Math.max(mostCpu, worker.cpu());
            mostMemory = Math.max(mostMemory, worker.memory());
        }
        int kinds = problem.kinds();
        size = new double[kinds];
        Integer[] order = new Integer[kinds];
        for (int kind = 0; kind < kinds; kind++) {
            double cpu = mostCpu > 0 ? problem.cpu()[kind] / mostCpu : 0;
            double memory = mostMemory > 0 ? problem.memory()[kind] / mostMemory : 0;
            size[kind] = Math.max(Math.max(cpu, memory), LEAST_WORK);
            order[kind] = kind;
        }
        Arrays.sort(order, Comparator.comparingDouble((Integer kind) -> -size[kind]));
        largestFirst = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
        leastCpu = leastFrom(problem.cpu());
        leastMemory = leastFrom(problem.memory());
    }

    private double[] leastFrom(double[] reserved) {
        double[] least = new double[largestFirst.length];
        double soFar = Double.POSITIVE_INFINITY;
        for (int place = largestFirst.length - 1; place >= 0; place--) {
            soFar = Math.min(soFar, reserved[largestFirst[place]]);
            least[place] = soFar;
        }
        return least;
    }

    /** {@return one packing for each kind of worker that is preferred, and the one that is cheapest for its work} */
    List<List<Filling>> all(int[] demand) {
        List<List<Filling>> packings = new ArrayList<>();
        packings.add(byPriceForWork(demand));
        for (int worker = 0; worker < problem.workers().length; worker++) {
            packings.add(pack(demand, worker));
        }
        return packings;
    }

    /** {@return the packing that takes the filling which is cheapest for its work again and again} */
    List<Filling> byPriceForWork(int[] demand) {
        return pack(demand, NONE);
    }

    /** {@return the cheapest filling, for its tasks, with nothing but tasks of one kind} */
    Filling alone(int kind, int left) {
        Filling found = null;
        double least = Double.POSITIVE_INFINITY;
        WorkerKind[] workers = problem.workers();
        for (int worker = 0; worker < workers.length; worker++) {
            int count = Math.min(left, problem.fitting(worker, kind, workers[worker].cpu(), workers[worker].memory()));
            if (count > 0 && workers[worker].price() / count < least) {
                least = workers[worker].price() / count;
                int[] tasks = new int[problem.kinds()];
                tasks[kind] = count;
                found = new Filling(worker, tasks);
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("no worker takes tasks of kind " + kind);
        }
        return found;
    }

    /** Packs onto one kind of worker what fits there, and the rest, or without a preference everything, by price for work. */
    private List<Filling> pack(int[] demand, int preferred) {
        int[] left = demand.clone();
        List<Filling> packing = new ArrayList<>();
        for (int place = 0; place < largestFirst.length; place++) {
            while (left[largestFirst[place]] > 0) {
                Filling filling = choose(place, left, preferred);
                int times = Integer.MAX_VALUE;
                for (int other = 0; other < left.length; other++) {
                    if (filling.tasks()[other] > 0) {
                        times = Math.min(times, left[other] / filling.tasks()[other]);
                    }
                }
                for (int other = 0; other < left.length; other++) {
                    left[other] -= times * filling.tasks()[other];
                }
                for (int i = 0; i < times; i++) {
                    packing.add(filling);
                }
            }
        }
        return packing;
    }

    private Filling choose(int place, int[] left, int preferred) {
        int kind = largestFirst[place];
        if (preferred != NONE) {
            Filling filling = fill(preferred, place, left);
            if (filling.tasks()[kind] > 0) {
                return filling;
            }
        }
        Filling found = null;
        double least = Double.POSITIVE_INFINITY;
        for (int worker = 0; worker < problem.workers().length; worker++) {
            Filling filling = fill(worker, place, left);
            double cost = problem.price(filling) / work(filling);
            if (filling.tasks()[kind] > 0 && (found == null || cost < least)) {
                found = filling;
                least = cost;
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("no worker takes tasks of kind " + kind);
        }
        return found;
    }

    private double work(Filling filling) {
        double work = 0;
        for (int kind = 0; kind < size.length; kind++) {
            work += filling.tasks()[kind] * size[kind];
        }
        return Math.max(work, LEAST_WORK);
    }

    /** Fills a worker with what is left from a place in the order on. */
    private Filling fill(int worker, int from, int[] left) {
        int[] tasks = new int[left.length];
        double cpu = problem.workers()[worker].cpu();
        double memory = problem.workers()[worker].memory();
        for (int place = from; place < largestFirst.length; place++) {
            if (PackingProblem.isTooBig(leastCpu[place], leastMemory[place], cpu, memory)) {
                break;
            }
            int kind = largestFirst[place];
            if (left[kind] > 0) {
                int count = Math.min(left[kind], problem.fitting(worker, kind, cpu, memory));
                tasks[kind] = count;
                cpu -= count * problem.cpu()[kind];
                memory -= count * problem.memory()[kind];
            }
        }
        return new Filling(worker, tasks);
    }
}
