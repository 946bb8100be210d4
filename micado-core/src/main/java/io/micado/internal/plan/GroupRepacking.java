package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes a packing of many kinds of tasks cheaper by packing the workers of small groups anew. Used by {@link CheapestPacking}. Confined to
 * one call of the planner.
 *
 * <p>Those that are badly filled are taken together with each other and then with the others, as long as that gains anything and the
 * effort that is allowed lasts. So it only ever becomes cheaper.
 */
final class GroupRepacking {
    private static final int KINDS_OF_A_GROUP = 30;
    /** Workers are dealt into so many rows, so that each group gets some of each. */
    private static final int ROWS = 12;
    /** What a group may take at most of what is allowed, by which it is divided. */
    private static final int SHARE = 10;

    private static final double EPSILON = 1e-7;

    private final PackingProblem problem;
    private final VolumePrices prices;
    private final long effort;
    private long spent;
    private List<Filling> best;

    /**
     * Starts with a packing.
     *
     * @param best a packing of all tasks
     * @param effort how much may be done, in the steps of {@link CheapestPacking}
     */
    GroupRepacking(PackingProblem problem, List<Filling> best, long effort) {
        this.problem = problem;
        this.best = best;
        this.effort = effort;
        prices = VolumePrices.of(problem);
    }

    /** {@return the cheapest packing that was found} */
    List<Filling> pack() {
        boolean dealt = false;
        int inVain = 0;
        while (inVain < 2 && spent < effort) {
            double before = price(best);
            regroup(dealt);
            inVain = price(best) < before - EPSILON ? 0 : inVain + 1;
            dealt = !dealt;
        }
        return best;
    }

    /** {@return how much has been done, in steps} */
    long effortSpent() {
        return spent;
    }

    private void regroup(boolean dealt) {
        List<Filling> fillings = new ArrayList<>(best);
        fillings.sort(Comparator.comparingDouble(filling -> prices.use(problem, filling)));
        if (dealt) {
            fillings = inRows(fillings);
        }
        List<Filling> result = new ArrayList<>();
        int from = 0;
        while (from < fillings.size()) {
            int[] left = new int[problem.kinds()];
            int kinds = 0;
            int to = from;
            while (to < fillings.size() && kinds < KINDS_OF_A_GROUP) {
                kinds += add(fillings.get(to).tasks(), left);
                to++;
            }
            List<Filling> group = fillings.subList(from, to);
            result.addAll(spent < effort ? cheaper(group, left) : group);
            from = to;
        }
        consider(result);
    }

    private static List<Filling> inRows(List<Filling> fillings) {
        List<Filling> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            for (int i = row; i < fillings.size(); i += ROWS) {
                rows.add(fillings.get(i));
            }
        }
        return rows;
    }

    /** Adds tasks to those that there are; {@return how many kinds that is more}. */
    private static int add(int[] tasks, int[] sum) {
        int more = 0;
        for (int kind = 0; kind < tasks.length; kind++) {
            if (tasks[kind] > 0) {
                more += sum[kind] == 0 ? 1 : 0;
                sum[kind] += tasks[kind];
            }
        }
        return more;
    }

    private List<Filling> cheaper(List<Filling> group, int[] tasks) {
        List<Filling> anew = solve(CheapestPacking.kindsOf(tasks), tasks, Math.min(effort - spent, effort / SHARE));
        return price(anew) < price(group) - EPSILON ? anew : group;
    }

    private List<Filling> solve(int[] some, int[] left, long allowed) {
        CheapestPacking part = new CheapestPacking(problem.of(some, left), Math.max(0, allowed));
        List<Filling> fillings = new ArrayList<>();
        for (Filling filling : part.pack()) {
            int[] tasks = new int[left.length];
            for (int i = 0; i < some.length; i++) {
                tasks[some[i]] = filling.tasks()[i];
            }
            fillings.add(new Filling(filling.worker(), tasks));
        }
        spent += part.effortSpent();
        return fillings;
    }

    private void consider(List<Filling> packing) {
        if (price(packing) < price(best) - EPSILON) {
            best = packing;
        }
    }

    private double price(List<Filling> fillings) {
        return fillings.stream().mapToDouble(problem::price).sum();
    }
}
