package io.micado.internal.plan;

import io.micado.internal.plan.CoveringProgram.Column;
import io.micado.internal.plan.CoveringProgram.Share;
import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs tasks onto workers of several kinds at nearly the least price. Used by {@link BinPacking}. Confined to one call of the planner;
 * the same problem always has the same answer.
 *
 * <p>First come simple packings: all tasks on workers of one kind, largest first, for each kind, and the filling that is cheapest for its
 * work again and again. They are then bettered by column generation (P. C. Gilmore and R. E. Gomory, A Linear Programming Approach to the
 * Cutting-Stock Problem, Operations Research 9, 1961): a linear program says how often each filling is to be bought and what each task is
 * thereby worth, and a search finds fillings that are worth more than they cost, until there is none. Its solution is bought as far as
 * it is whole, then the largest fractions are rounded up, and what is left is solved anew. Whatever is bought, the rest may also be
 * packed in a simple way; the cheapest of all that comes up is the answer. So it is never dearer than the simple packings, nor than what
 * others buy, also when the effort that is allowed runs out. More kinds than one program can hold are packed {@linkplain PackingBySizes by
 * their sizes}, and then {@linkplain GroupRepacking group by group}.
 */
final class CheapestPacking {
    /** More kinds of tasks than this are packed by their sizes: the effort grows with the cube of their number. */
    static final int MOST_KINDS = 120;

    /** Less than a tenth of a second; most problems of a thousand tasks take a quarter of it. */
    private static final long EFFORT = 100_000_000;
    /** Many kinds may take so many times as much. */
    private static final int MANY_KINDS_TAKE = 2;
    /** Where parts of a problem are solved, searches make up nearly all of it, and their steps take about twice as long. */
    private static final int SMALL_PARTS_TAKE = 2;
    /** What packing by sizes may take of what is allowed, at most. */
    private static final double SHARE_OF_SIZES = 0.9;
    /** The same for packing groups of workers anew. */
    private static final double SHARE_OF_GROUPS = 0.2;
    /** What is still to be gained then is less than what rounding costs. */
    private static final double TOLERANCE = 0.01;

    private static final double EPSILON = 1e-7;
    private static final long NODES_OF_A_SEARCH = 10_000;
    /** Fractions from here on are rounded up together with the largest. */
    private static final double NEARLY_WHOLE = 0.7;

    private final PackingProblem problem;
    private final SimplePacking simple;
    private final FillingSearch search;
    private final List<Filling> pool = new ArrayList<>();
    private final long effort;
    private long pivotEffort;
    private List<Filling> best = List.of();
    private double bestPrice = Double.POSITIVE_INFINITY;

    CheapestPacking(PackingProblem problem) {
        this(problem, EFFORT * (problem.kinds() <= MOST_KINDS ? 1 : MANY_KINDS_TAKE));
    }

    /**
     * Prepares a packing for which no more than so much is done.
     *
     * @param effort in steps, of which a processor does about a thousand in a microsecond
     */
    CheapestPacking(PackingProblem problem, long effort) {
        this.problem = problem;
        this.effort = effort;
        simple = new SimplePacking(problem);
        search = new FillingSearch(problem, NODES_OF_A_SEARCH);
    }

    /** {@return the fillings to buy; together they hold all tasks. Every task must fit on a worker of some kind} */
    List<Filling> pack() {
        packSimply();
        if (problem.kinds() <= MOST_KINDS) {
            best.stream().distinct().forEach(pool::add);
            dive();
        } else {
            PackingBySizes bySizes = new PackingBySizes(
                    problem, best.stream().distinct().toList(), (long) (SHARE_OF_SIZES * (effort - effortSpent())));
            consider(bySizes.pack());
            pivotEffort += bySizes.effortSpent();
            long remaining = Math.min(effort - effortSpent(), (long) (SHARE_OF_GROUPS * effort));
            GroupRepacking groups = new GroupRepacking(problem, best, remaining / SMALL_PARTS_TAKE);
            consider(groups.pack());
            pivotEffort += SMALL_PARTS_TAKE * groups.effortSpent();
        }
        return best;
    }

    /** {@return the cheapest packing that is found at once} */
    List<Filling> packSimply() {
        FirstFitPacking firstFit = new FirstFitPacking(problem);
        consider(firstFit.leastWaste());
        consider(firstFit.cheapestKind());
        List<List<Filling>> packings = problem.kinds() <= MOST_KINDS
                ? simple.all(problem.demand())
                : List.of(simple.byPriceForWork(problem.demand()));
        packings.forEach(this::consider);
        pivotEffort += (packings.size() + 2) * effortOfSimple(best);
        return best;
    }

    /** {@return how much has been done so far, in steps} */
    long effortSpent() {
        return pivotEffort + 8 * search.nodesInAll();
    }

    private void dive() {
        int[] left = problem.demand().clone();
        List<Filling> bought = new ArrayList<>();
        while (Arrays.stream(left).anyMatch(count -> count > 0) && mayGoOn()) {
            List<Share> shares = new ArrayList<>(solve(left).shares());
            shares.sort(Comparator.comparingDouble((Share share) -> -fraction(share.times())));
            buyWhole(shares, left, bought);
            buyLargestFractions(shares, left, bought);
            List<Filling> all = new ArrayList<>(bought);
            List<Filling> rest = simple.byPriceForWork(left);
            all.addAll(rest);
            consider(all);
            pivotEffort += effortOfSimple(rest);
        }
    }

    /** Each worker is filled with tasks of each kind, on trial on each kind of worker. */
    private long effortOfSimple(List<Filling> packing) {
        return 2L * packing.size() * problem.kinds() * problem.workers().length;
    }

    private static double fraction(double times) {
        return times - Math.floor(times + EPSILON);
    }

    private boolean mayGoOn() {
        return effortSpent() < effort;
    }

    /** Finds out how often each filling would be bought if it could be bought in fractions. */
    private CoveringProgram solve(int[] left) {
        Rows rows = Rows.ofEach(left);
        List<Column> first = new ArrayList<>();
        for (int kind : kindsOf(left)) {
            first.add(rows.column(problem, simple.alone(kind, left[kind])));
        }
        CoveringProgram program = new CoveringProgram(rows.demand(), first);
        List<Column> usable = usable(rows, left);
        boolean improves = true;
        while (improves && mayGoOn()) {
            pivotEffort += 2L * first.size() * first.size() + 8L * usable.size();
            improves = improve(program, rows, usable, left);
        }
        return program;
    }

    /** {@return the kinds of which any are left} */
    static int[] kindsOf(int[] left) {
        int[] kinds = new int[left.length];
        int count = 0;
        for (int kind = 0; kind < left.length; kind++) {
            if (left[kind] > 0) {
                kinds[count++] = kind;
            }
        }
        return Arrays.copyOf(kinds, count);
    }

    /** {@return the known fillings, without what is not left any more} */
    private List<Column> usable(Rows rows, int[] left) {
        List<Column> usable = new ArrayList<>();
        for (Filling filling : pool) {
            int[] tasks = filling.tasks().clone();
            int all = 0;
            for (int kind = 0; kind < left.length; kind++) {
                tasks[kind] = Math.min(tasks[kind], left[kind]);
                all += tasks[kind];
            }
            if (all > 0) {
                usable.add(rows.column(problem, new Filling(filling.worker(), tasks)));
            }
        }
        return usable;
    }

    private boolean improve(CoveringProgram program, Rows rows, List<Column> usable, int[] left) {
        double[] worth = program.worth();
        int negative = mostNegative(worth);
        if (negative >= 0) {
            return program.enterSurplus(negative);
        }
        Column known = mostProfitable(usable, worth, EPSILON);
        if (known != null) {
            return program.enter(known);
        }
        Filling fresh = generate(rows.worthOfKinds(worth), left);
        if (fresh == null) {
            return false;
        }
        pool.add(fresh);
        Column column = rows.column(problem, fresh);
        usable.add(column);
        return program.enter(column);
    }

    /** {@return the row of which less would cost most; -1 when there is none} */
    static int mostNegative(double[] worth) {
        int negative = -1;
        for (int row = 0; row < worth.length; row++) {
            if (worth[row] < -EPSILON && (negative < 0 || worth[row] < worth[negative])) {
                negative = row;
            }
        }
        return negative;
    }

    /** {@return the column that is worth most more than it costs; null when none is} */
    static @Nullable Column mostProfitable(List<Column> columns, double[] now, double least) {
        Column found = null;
        double most = EPSILON;
        for (Column column : columns) {
            double profit = column.worth(now) - column.price();
            if (profit > most && profit > least * column.price()) {
                most = profit;
                found = column;
            }
        }
        return found;
    }

    /** {@return the filling that is worth most for its price among the best of each kind of worker; null when none is worth its price} */
    private @Nullable Filling generate(double[] now, int[] left) {
        Filling found = null;
        double most = 1 + TOLERANCE;
        for (int worker = 0; worker < problem.workers().length; worker++) {
            double price = problem.workers()[worker].price();
            int[] tasks = search.best(worker, now, left, price * most);
            if (tasks != null) {
                found = new Filling(worker, tasks);
                most = price > 0 ? worth(tasks, now) / price : Double.MAX_VALUE;
            }
        }
        return found;
    }

    private static double worth(int[] tasks, double[] now) {
        double sum = 0;
        for (int kind = 0; kind < tasks.length; kind++) {
            sum += now[kind] * tasks[kind];
        }
        return sum;
    }

    private static void buyWhole(List<Share> shares, int[] left, List<Filling> bought) {
        for (Share share : shares) {
            int times = (int) Math.floor(share.times() + EPSILON);
            boolean any = true;
            for (int i = 0; i < times && any; i++) {
                any = take(share.filling(), left, bought);
            }
        }
    }

    private static void buyLargestFractions(List<Share> shares, int[] left, List<Filling> bought) {
        boolean first = true;
        for (Share share : shares) {
            double fraction = fraction(share.times());
            if (fraction > EPSILON && (first || (fraction >= NEARLY_WHOLE && isAllLeft(share.filling(), left)))) {
                first &= !take(share.filling(), left, bought);
            }
        }
    }

    private static boolean isAllLeft(Filling filling, int[] left) {
        for (int kind = 0; kind < left.length; kind++) {
            if (filling.tasks()[kind] > left[kind]) {
                return false;
            }
        }
        return true;
    }

    /** Buys a filling with what is left of its tasks; {@return whether that is any}. */
    private static boolean take(Filling filling, int[] left, List<Filling> bought) {
        int[] tasks = new int[left.length];
        boolean any = false;
        for (int kind = 0; kind < left.length; kind++) {
            tasks[kind] = Math.min(filling.tasks()[kind], left[kind]);
            left[kind] -= tasks[kind];
            any |= tasks[kind] > 0;
        }
        if (any) {
            bought.add(new Filling(filling.worker(), tasks));
        }
        return any;
    }

    /** Takes the packing, each filling on the cheapest worker that takes it, if it is the cheapest so far. */
    private void consider(List<Filling> packing) {
        List<Filling> onCheapest = new ArrayList<>(packing.size());
        double price = 0;
        for (Filling filling : packing) {
            Filling cheapest = onCheapest(filling);
            onCheapest.add(cheapest);
            price += problem.price(cheapest);
        }
        if (price < bestPrice - EPSILON) {
            bestPrice = price;
            best = onCheapest;
        }
    }

    private Filling onCheapest(Filling filling) {
        int cheapest = filling.worker();
        WorkerKind[] workers = problem.workers();
        for (int worker = 0; worker < workers.length; worker++) {
            if (workers[worker].price() < workers[cheapest].price() && problem.fits(worker, filling.tasks())) {
                cheapest = worker;
            }
        }
        return cheapest == filling.worker() ? filling : new Filling(cheapest, filling.tasks());
    }
}
