package io.micado.internal.plan;

import io.micado.internal.plan.CoveringProgram.Column;
import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The least price at which tasks could be packed if fillings could be bought in fractions: the bound of the configuration program, by
 * column generation.
 *
 * <p>Proven by weak duality, whatever led there: the worths of tasks, divided by how much more than its price any filling is worth at
 * most, are a solution of the dual program (A. Farley, A Note on Bounding a Class of Linear Programming Problems, Operations Research 38,
 * 1990); a {@link FillingTable} knows what any filling is worth at most. Before that, worths are lowered in fillings that are worth too much.
 * With many kinds the program is solved with few {@linkplain Rows rows by size} first, and with more as long as the bound is
 * not high enough: that finds worths which are nearly right, to begin with.
 */
final class ConfigurationBound {
    /** How much more than its price a filling may be worth in the end; the bound is lowered by no more. */
    private static final double SLACK = 0.0005;
    /** Less profit, as a share of the price, changes nothing. */
    private static final double LEAST_PROFIT = 0.0002;
    /** Up to so many kinds have a row each from the beginning. */
    private static final int FEW_KINDS = 120;

    private static final int[] CORNERS = {9, 16, 24};
    private static final int EACH = 0;
    private static final int ROUNDS = 40;
    private static final int REPAIRS = 4;
    private static final int NODES_OF_A_SEARCH = 3_000;
    /** Rows may be worth so much more than on the coarser grid, until that turns out to be too little. */
    private static final double ROOM = 1.2;
    /** No task counts as worth less than this share of the mean there. */
    private static final double LEAST_SHARE = 0.02;
    /** Equal demands make the simplex method stall: each row asks for up to this share more, which the proof knows nothing of. */
    private static final double PERTURBATION = 0.002;

    private final PackingProblem problem;
    private final FillingTable table;
    private final FillingSweep sweep;
    private final double enough;
    private final List<Filling> pool = new ArrayList<>();
    private final Set<List<Integer>> known = new HashSet<>();
    private double[] worth;
    private double bound;

    private ConfigurationBound(PackingProblem problem, double enough) {
        this.problem = problem;
        this.enough = enough;
        table = new FillingTable(problem);
        sweep = new FillingSweep(problem, NODES_OF_A_SEARCH);
        worth = new double[problem.kinds()];
        Arrays.fill(worth, mostExpensive());
    }

    /**
     * {@return a bound: that of the configuration program within 0.2 %, or one that is high enough}
     *
     * @param first fillings that are good to begin with
     * @param enough how high the bound must be at most
     */
    static double of(PackingProblem problem, List<Filling> first, double enough) {
        ConfigurationBound search = new ConfigurationBound(problem, enough);
        first.forEach(search::isNew);
        if (problem.kinds() > FEW_KINDS) {
            for (int corners : CORNERS) {
                search.raise(corners);
            }
        }
        search.raise(EACH);
        return search.bound;
    }

    private double mostExpensive() {
        return Arrays.stream(problem.workers())
                .mapToDouble(WorkerKind::price)
                .max()
                .orElseThrow();
    }

    private boolean isNew(Filling filling) {
        List<Integer> key = new ArrayList<>();
        key.add(filling.worker());
        for (int kind : CheapestPacking.kindsOf(filling.tasks())) {
            key.add(kind);
            key.add(filling.tasks()[kind]);
        }
        return known.add(key) && pool.add(filling);
    }

    /** Raises the bound as far as rows by size with so many corners allow. */
    private void raise(int corners) {
        Rows rows = corners == EACH ? Rows.ofEach(problem.demand()) : Rows.bySize(problem, problem.demand(), corners);
        List<Column> columns = new ArrayList<>();
        CoveringProgram program = program(rows);
        for (int round = 1; round <= ROUNDS && bound < enough; round++) {
            solve(program, rows, columns);
            double[] now = rows.worthOfKinds(program.worth());
            int fresh = generate(now);
            boolean converges = fresh < rows.demand().length / 20 + 1;
            if (converges || round % 5 == 0) {
                fresh += prove(now.clone());
                boolean limited = isLimited(program, rows);
                if (!limited
                        && (fresh == 0 || bound >= (1 - (problem.kinds() > FEW_KINDS ? 1 : 4) * SLACK) * total(now))) {
                    break;
                }
                if (limited && (converges || round % 15 == 0)) {
                    worth = now;
                    program = program(rows);
                }
            }
        }
        worth = rows.worthOfKinds(program.worth());
    }

    /** Starts with rows that are worth a little more than on the coarser grid. */
    private CoveringProgram program(Rows rows) {
        double[] demand = rows.demand().clone();
        double[] value = new double[demand.length];
        for (int kind = 0; kind < worth.length; kind++) {
            for (int i = 0; i < rows.ofKinds()[kind].length; i++) {
                value[rows.ofKinds()[kind][i]] += Math.max(worth[kind], LEAST_SHARE * total(worth) / worth.length)
                        * rows.weights()[kind][i]
                        * problem.demand()[kind];
            }
        }
        Random random = new Random(1);
        List<Column> first = new ArrayList<>();
        for (int row = 0; row < demand.length; row++) {
            first.add(Column.ofNone(row, 1, ROOM * value[row] / demand[row]));
            demand[row] *= 1 + PERTURBATION * random.nextDouble();
        }
        return new CoveringProgram(demand, first);
    }

    private void solve(CoveringProgram program, Rows rows, List<Column> columns) {
        for (Filling filling : pool.subList(columns.size(), pool.size())) {
            columns.add(rows.column(problem, filling));
        }
        boolean improves = true;
        while (improves) {
            int negative = CheapestPacking.mostNegative(program.worth());
            Column column = CheapestPacking.mostProfitable(columns, program.worth(), LEAST_PROFIT);
            improves = negative >= 0 ? program.enterSurplus(negative) : column != null && program.enter(column);
        }
    }

    /** {@return whether rows would be worth more than they are allowed to} */
    private boolean isLimited(CoveringProgram program, Rows rows) {
        double real = program.shares().stream()
                .mapToDouble(share -> share.times() * problem.price(share.filling()))
                .sum();
        double all = 0;
        for (int row = 0; row < rows.demand().length; row++) {
            all += program.worth()[row] * rows.demand()[row];
        }
        return real < (1 - PERTURBATION) * all;
    }

    private int generate(double[] now) {
        sweep.value(now, problem.demand());
        int fresh = 0;
        for (boolean aroundEach : new boolean[] {false, true}) {
            for (Filling filling : sweep.sweep(1 + SLACK / 2, aroundEach)) {
                fresh += isNew(filling) ? 1 : 0;
            }
        }
        return fresh;
    }

    private double total(double[] now) {
        double total = 0;
        for (int kind = 0; kind < now.length; kind++) {
            total += Math.max(0, now[kind]) * problem.demand()[kind];
        }
        return total;
    }

    /** Proves a bound, and lowers worths and proves again; {@return how many new fillings are worth more than they cost}. */
    private int prove(double[] now) {
        int fresh = 0;
        double most = Double.POSITIVE_INFINITY;
        for (int repairs = 0; repairs < REPAIRS && most > 1 + SLACK && bound < enough; repairs++) {
            table.fill(now);
            most = 0;
            for (int worker = 0; worker < problem.workers().length; worker++) {
                most = Math.max(most, table.most(worker) / problem.workers()[worker].price());
            }
            bound = Math.max(bound, total(now) / most);
            fresh += repair(now);
        }
        return fresh;
    }

    private int repair(double[] now) {
        int fresh = 0;
        for (int kind : FillingTable.mostValuableFirst(now)) {
            for (int worker = 0; worker < problem.workers().length; worker++) {
                double price = problem.workers()[worker].price();
                Filling filling = table.around(kind, worker, now, price * (1 + SLACK / 2));
                if (filling != null) {
                    fresh += isNew(filling) ? 1 : 0;
                    lower(now, filling, price);
                }
            }
        }
        return fresh;
    }

    private static void lower(double[] now, Filling filling, double price) {
        double value = 0;
        for (int kind = 0; kind < now.length; kind++) {
            value += now[kind] * filling.tasks()[kind];
        }
        for (int kind = 0; kind < now.length; kind++) {
            now[kind] *= filling.tasks()[kind] > 0 ? price / value : 1;
        }
    }
}
