package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often each filling is to be bought, in fractions, so that all tasks are covered at the least price: a linear program, solved by
 * the revised simplex method with an explicit inverse of its basis. Used by {@link CheapestPacking} and {@link PackingBySizes}, which
 * say by {@link Rows} what is to be covered. Confined to one call of the planner.
 */
final class CoveringProgram {
    private static final double EPSILON = 1e-9;
    private static final int PIVOTS_TO_ROUND = 50;

    private final double[][] inverse;
    private final double[] amount;
    private final @Nullable Filling[] basis;
    private final double[] cost;
    private final double[] worth;
    private int pivots;

    /**
     * A filling as the program sees it. Immutable by agreement.
     *
     * @param filling what is bought; null for what stands for no worker, such as more tasks than there are
     * @param kinds the kinds of tasks that it holds
     * @param rows the rows in which it counts
     * @param counts for how much in each of these rows
     * @param price what it costs
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Column(@Nullable Filling filling, int[] kinds, int[] rows, double[] counts, double price) {
        private static final int[] NO_KINDS = {};

        /** {@return a column that stands for no worker} */
        static Column ofNone(int row, double count, double price) {
            return new Column(null, NO_KINDS, new int[] {row}, new double[] {count}, price);
        }

        /** {@return what it is worth when each row is worth so much} */
        double worth(double[] now) {
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                sum += now[rows[i]] * counts[i];
            }
            return sum;
        }
    }

    /**
     * Starts with one column for each row.
     *
     * @param demand how much is to be covered in each row
     * @param first for each row a column that counts in it alone
     */
    CoveringProgram(double[] demand, List<Column> first) {
        int rows = demand.length;
        inverse = new double[rows][rows];
        amount = new double[rows];
        basis = new Filling[rows];
        cost = new double[rows];
        worth = new double[rows];
        for (int row = 0; row < rows; row++) {
            Column column = first.get(row);
            double count = column.counts()[0];
            inverse[row][row] = 1.0 / count;
            amount[row] = demand[row] / count;
            basis[row] = column.filling();
            cost[row] = column.price();
            worth[row] = column.price() / count;
        }
    }

    /** {@return what each row is worth at present; not to be changed} A negative worth means that less would cost more. */
    double[] worth() {
        return worth;
    }

    /** Lets more be covered in a row than there is; {@return whether that could be done}. */
    boolean enterSurplus(int row) {
        return enter(Column.ofNone(row, -1, 0));
    }

    /** Takes a column into the basis; {@return whether that could be done}. */
    boolean enter(Column entering) {
        double[] direction = new double[cost.length];
        for (int row = 0; row < direction.length; row++) {
            direction[row] = entering.worth(inverse[row]);
        }
        int leaving = leaving(direction);
        if (leaving < 0) {
            return false;
        }
        double step = amount[leaving] / direction[leaving];
        double profit = entering.worth(worth) - entering.price();
        double[] pivotRow = inverse[leaving];
        for (int column = 0; column < pivotRow.length; column++) {
            pivotRow[column] /= direction[leaving];
        }
        for (int row = 0; row < direction.length; row++) {
            if (row != leaving && direction[row] != 0) {
                amount[row] = Math.max(0, amount[row] - step * direction[row]);
                subtract(inverse[row], pivotRow, direction[row]);
            }
        }
        amount[leaving] = step;
        basis[leaving] = entering.filling();
        cost[leaving] = entering.price();
        pivots++;
        if (pivots % PIVOTS_TO_ROUND == 0) {
            refreshWorth();
        } else {
            subtract(worth, pivotRow, profit);
        }
        return true;
    }

    /** Rounding adds up from pivot to pivot. */
    private void refreshWorth() {
        Arrays.fill(worth, 0);
        for (int row = 0; row < cost.length; row++) {
            subtract(worth, inverse[row], -cost[row]);
        }
    }

    private static void subtract(double[] from, double[] row, double times) {
        for (int column = 0; column < row.length; column++) {
            from[column] -= times * row[column];
        }
    }

    /** The row that reaches zero first; of several the one that is numerically soundest. */
    private int leaving(double[] direction) {
        int leaving = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int row = 0; row < direction.length; row++) {
            if (direction[row] > EPSILON) {
                double ratio = amount[row] / direction[row];
                boolean better = ratio < least - EPSILON
                        || (ratio <= least + EPSILON && leaving >= 0 && direction[row] > direction[leaving]);
                if (leaving < 0 || better) {
                    leaving = row;
                    least = ratio;
                }
            }
        }
        return leaving;
    }

    /**
     * A filling and how often it is to be bought.
     *
     * @param filling the filling
     * @param times how often, a fraction
     */
    record Share(Filling filling, double times) {}

    /** {@return the solution at present} */
    List<Share> shares() {
        List<Share> shares = new ArrayList<>();
        for (int row = 0; row < basis.length; row++) {
            Filling filling = basis[row];
            if (filling != null && amount[row] > EPSILON) {
                shares.add(new Share(filling, amount[row]));
            }
        }
        return shares;
    }
}
