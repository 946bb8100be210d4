package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Packs more kinds of tasks than one linear program can hold in the time that there is: it solves parts of the problem, each with few
 * kinds. Used by {@link CheapestPacking}. Confined to one call of the planner.
 *
 * <p>Where each kind has several tasks, the kinds are dealt into parts of all sizes; the well filled workers of each part are kept, and
 * the tasks of the others dealt anew, until few kinds are left. Then workers are taken together in groups, those that are badly filled
 * with each other and then with the others, and what each group holds is packed anew, as long as that gains anything and the effort that is
 * allowed lasts. So it only ever becomes cheaper.
 */
final class PackingByParts {
    private static final int KINDS_OF_A_PART = 48;
    private static final int KINDS_OF_A_GROUP = 30;
    /** With fewer tasks of a kind than this, parts have too few of them to combine. */
    private static final int TASKS_OF_A_KIND = 5;
    /** The share of a round's workers that is kept. */
    private static final double KEPT = 0.7;
    /** Workers are dealt into so many rows, so that each group gets some of each. */
    private static final int ROWS = 12;
    /** What a part may take at most of what is allowed, by which it is divided. */
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
    PackingByParts(PackingProblem problem, List<Filling> best, long effort) {
        this.problem = problem;
        this.best = best;
        this.effort = effort;
        prices = VolumePrices.of(problem);
    }

    /** {@return the cheapest packing that was found} */
    List<Filling> pack() {
        if (Arrays.stream(problem.demand()).sum() >= TASKS_OF_A_KIND * problem.kinds()) {
            deal();
        }
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

    // ---- parts of the kinds ----

    private void deal() {
        int[] left = problem.demand().clone();
        List<Filling> kept = new ArrayList<>();
        int[] kinds = CheapestPacking.kindsOf(left);
        while (kinds.length > 2 * KINDS_OF_A_PART && spent < effort) {
            List<Filling> packed = dealt(kinds, left);
            List<Filling> all = new ArrayList<>(kept);
            all.addAll(packed);
            consider(all);
            packed.sort(Comparator.comparingDouble(filling -> -prices.use(problem, filling)));
            for (Filling filling : packed.subList(0, Math.max(1, (int) (packed.size() * KEPT)))) {
                for (int kind = 0; kind < left.length; kind++) {
                    left[kind] -= filling.tasks()[kind];
                }
                kept.add(filling);
            }
            kinds = CheapestPacking.kindsOf(left);
        }
        kept.addAll(solve(kinds, left, effort - spent));
        consider(kept);
    }

    private List<Filling> dealt(int[] kinds, int[] left) {
        Integer[] largestFirst = Arrays.stream(kinds).boxed().toArray(Integer[]::new);
        Arrays.sort(
                largestFirst,
                Comparator.comparingDouble(kind -> -prices.of(problem.cpu()[kind], problem.memory()[kind])));
        int parts = (kinds.length + KINDS_OF_A_PART - 1) / KINDS_OF_A_PART;
        List<Filling> packed = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int[] some = new int[(kinds.length - part + parts - 1) / parts];
            for (int i = 0; i < some.length; i++) {
                some[i] = largestFirst[part + i * parts];
            }
            packed.addAll(solve(some, left, (effort - spent) / (parts - part + 2)));
        }
        return packed;
    }

    // ---- groups of workers ----

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

    // ---- both ----

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
