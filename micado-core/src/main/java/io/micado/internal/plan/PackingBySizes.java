package io.micado.internal.plan;

import io.micado.internal.plan.CoveringProgram.Column;
import io.micado.internal.plan.CoveringProgram.Share;
import io.micado.internal.plan.PackingProblem.Filling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Packs more kinds of tasks than one linear program can hold in the time that there is: the program has {@linkplain Rows rows by size}, but
 * its fillings hold real tasks. Used by {@link CheapestPacking}. Confined to one call of the planner.
 *
 * <p>Column generation tells what mix of fillings is cheapest and what tasks of each size are worth. The fillings of its solution are
 * bought as far as their tasks are all left; what remains is solved anew, until it has so few kinds that it can be packed kind by kind.
 */
final class PackingBySizes {
    /** So many corners along CPU and as many along memory: what a pivot costs grows with their number to the fourth. */
    private static final int CORNERS = 8;
    /** The same where there are many kinds of workers, each of which is tried for each filling. */
    private static final int CORNERS_FOR_MANY_WORKERS = 7;

    private static final int MANY_WORKERS = 10;
    /** What remains is packed kind by kind from here on. */
    private static final int KINDS_OF_THE_REST = 60;
    /** Fillings are bought that the solution has at least so often. */
    private static final double BOUGHT = 0.3;

    private static final int NODES_OF_A_SEARCH = 500;
    /** How often fillings are sought in one round, at most. */
    private static final int SWEEPS = 8;
    /** So many new fillings for each row are worth another search. */
    private static final double WORTH_MORE = 0.1;
    /** The share of the remaining effort that one round may take. */
    private static final double SHARE = 0.2;
    /** What is still to be gained then is less than what rounding costs. */
    private static final double TOLERANCE = 0.002;
    /** The same for a filling that is known, as a share of its price. */
    private static final double LEAST_PROFIT = 0.001;

    private final PackingProblem problem;
    private final FillingSweep sweep;
    private final long effort;
    private final int[] left;
    private final List<Filling> bought = new ArrayList<>();
    private final Set<Known> known = new HashSet<>();
    private final List<Filling> pool = new ArrayList<>();
    private long spent;

    /** A filling, equal to others that hold the same. */
    private record Known(int worker, List<Integer> tasks) {
        static Known of(Filling filling) {
            List<Integer> tasks = new ArrayList<>();
            for (int kind : CheapestPacking.kindsOf(filling.tasks())) {
                tasks.add(kind);
                tasks.add(filling.tasks()[kind]);
            }
            return new Known(filling.worker(), tasks);
        }
    }

    /**
     * Starts with fillings that are good to begin with.
     *
     * @param effort how much may be done, in the steps of {@link CheapestPacking}
     */
    PackingBySizes(PackingProblem problem, List<Filling> first, long effort) {
        this.problem = problem;
        this.effort = effort;
        left = problem.demand().clone();
        sweep = new FillingSweep(problem, NODES_OF_A_SEARCH);
        first.forEach(this::addToPool);
    }

    /** {@return a packing of all tasks} */
    List<Filling> pack() {
        int kinds = CheapestPacking.kindsOf(left).length;
        while (kinds > KINDS_OF_THE_REST && effortSpent() < effort) {
            round();
            kinds = CheapestPacking.kindsOf(left).length;
        }
        if (kinds > 0) {
            buyRest();
        }
        return bought;
    }

    /** {@return how much has been done, in steps} */
    long effortSpent() {
        return spent + sweep.effortSpent();
    }

    private boolean addToPool(Filling filling) {
        return known.add(Known.of(filling)) && pool.add(filling);
    }

    private void round() {
        long until = effortSpent() + (long) (SHARE * (effort - effortSpent()));
        Rows rows = Rows.bySize(
                problem, left, problem.workers().length < MANY_WORKERS ? CORNERS : CORNERS_FOR_MANY_WORKERS);
        List<Column> columns = new ArrayList<>();
        for (Filling filling : pool) {
            columns.add(rows.column(problem, filling));
        }
        CoveringProgram program = new CoveringProgram(rows.demand(), first(rows));
        solve(program, columns);
        int sweeps = 0;
        boolean goOn = true;
        while (goOn) {
            int fresh = generate(program, rows, columns);
            solve(program, columns);
            sweeps++;
            goOn = fresh > WORTH_MORE * rows.demand().length && sweeps < SWEEPS && effortSpent() < until;
        }
        buy(program);
        pool.removeIf(filling -> !isLeft(filling));
    }

    /** For each row something that stands for no worker, and costs as much as any task might. */
    private List<Column> first(Rows rows) {
        double most = 0;
        for (PackingProblem.WorkerKind worker : problem.workers()) {
            most = Math.max(most, worker.price());
        }
        List<Column> first = new ArrayList<>();
        for (int row = 0; row < rows.demand().length; row++) {
            first.add(Column.ofNone(row, 1, most));
        }
        return first;
    }

    private void solve(CoveringProgram program, List<Column> columns) {
        boolean improves = true;
        while (improves && effortSpent() < effort) {
            double[] worth = program.worth();
            spent += (long) worth.length * worth.length + 8L * columns.size();
            int negative = CheapestPacking.mostNegative(worth);
            if (negative >= 0) {
                improves = program.enterSurplus(negative);
            } else {
                Column known = CheapestPacking.mostProfitable(columns, worth, LEAST_PROFIT);
                improves = known != null && program.enter(known);
            }
        }
    }

    /** {@return how many new fillings there are that are worth more than they cost} */
    private int generate(CoveringProgram program, Rows rows, List<Column> columns) {
        sweep.value(rows.worthOfKinds(program.worth()), left);
        int fresh = 0;
        for (boolean aroundEach : new boolean[] {false, true}) {
            for (Filling filling : sweep.sweep(1 + TOLERANCE, aroundEach)) {
                if (addToPool(filling)) {
                    columns.add(rows.column(problem, filling));
                    fresh++;
                }
            }
        }
        return fresh;
    }

    private void buy(CoveringProgram program) {
        List<Share> shares = new ArrayList<>(program.shares());
        shares.sort(Comparator.comparingDouble(share -> -share.times()));
        int before = bought.size();
        for (Share share : shares) {
            double times = share.times();
            while ((times >= BOUGHT || bought.size() == before) && isLeft(share.filling())) {
                buy(share.filling());
                times--;
            }
        }
        if (bought.size() == before) {
            buyRest();
        }
    }

    private void buy(Filling filling) {
        for (int kind = 0; kind < left.length; kind++) {
            left[kind] -= filling.tasks()[kind];
        }
        bought.add(filling);
    }

    private boolean isLeft(Filling filling) {
        for (int kind = 0; kind < left.length; kind++) {
            if (filling.tasks()[kind] > left[kind]) {
                return false;
            }
        }
        return true;
    }

    private void buyRest() {
        int[] kinds = CheapestPacking.kindsOf(left);
        PackingProblem rest = problem.of(kinds, left);
        CheapestPacking packing = new CheapestPacking(rest, Math.max(0, effort - effortSpent()));
        for (Filling filling : kinds.length > CheapestPacking.MOST_KINDS ? packing.packSimply() : packing.pack()) {
            int[] tasks = new int[left.length];
            for (int i = 0; i < kinds.length; i++) {
                tasks[kinds[i]] = filling.tasks()[i];
            }
            bought.add(new Filling(filling.worker(), tasks));
        }
        Arrays.fill(left, 0);
        spent += packing.effortSpent();
    }
}
