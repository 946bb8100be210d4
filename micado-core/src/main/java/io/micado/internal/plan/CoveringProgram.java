package io.micado.internal.plan;

import io.micado.internal.plan.PackingProblem.Filling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often each filling is to be bought, in fractions, so that all tasks are covered at the least price: a linear program, solved by
 * the revised simplex method with an explicit inverse of its basis. Used by {@link CheapestPacking}. Confined to one call of the
 * planner.
 */
final class CoveringProgram {
    private static final double EPSILON = 1e-9;

    private final PackingProblem problem;
    private final int[] kinds;
    private final double[][] inverse;
    private final double[] amount;
    private final @Nullable Filling[] basis;
    private final double[] cost;

    /**
     * Starts with one filling for each kind of task that there is.
     *
     * @param kinds the kinds of tasks that are to be covered
     * @param left how many tasks of each kind, by all kinds
     * @param first a filling for each of these kinds, with nothing but tasks of it
     */
    CoveringProgram(PackingProblem problem, int[] kinds, int[] left, List<Filling> first) {
        this.problem = problem;
        this.kinds = kinds;
        int rows = kinds.length;
        inverse = new double[rows][rows];
        amount = new double[rows];
        basis = new Filling[rows];
        cost = new double[rows];
        for (int row = 0; row < rows; row++) {
            Filling filling = first.get(row);
            int count = filling.tasks()[kinds[row]];
            inverse[row][row] = 1.0 / count;
            amount[row] = (double) left[kinds[row]] / count;
            basis[row] = filling;
            cost[row] = problem.price(filling);
        }
    }

    /** {@return what a task of each kind is worth at present, by all kinds} A negative worth means that fewer would cost more. */
    double[] worth() {
        double[] worth = new double[problem.kinds()];
        for (int row = 0; row < kinds.length; row++) {
            if (cost[row] != 0) {
                for (int column = 0; column < kinds.length; column++) {
                    worth[kinds[column]] += cost[row] * inverse[row][column];
                }
            }
        }
        return worth;
    }

    /** Takes a filling into the basis; {@return whether that could be done}. */
    boolean enter(Filling filling) {
        double[] direction = new double[kinds.length];
        for (int column = 0; column < kinds.length; column++) {
            int count = filling.tasks()[kinds[column]];
            if (count > 0) {
                for (int row = 0; row < kinds.length; row++) {
                    direction[row] += inverse[row][column] * count;
                }
            }
        }
        return pivot(direction, filling, problem.price(filling));
    }

    /** Lets more tasks of a kind be covered than there are; {@return whether that could be done}. */
    boolean enterSurplus(int kind) {
        double[] direction = new double[kinds.length];
        for (int column = 0; column < kinds.length; column++) {
            if (kinds[column] == kind) {
                for (int row = 0; row < kinds.length; row++) {
                    direction[row] = -inverse[row][column];
                }
            }
        }
        return pivot(direction, null, 0);
    }

    private boolean pivot(double[] direction, @Nullable Filling entering, double price) {
        int leaving = leaving(direction);
        if (leaving < 0) {
            return false;
        }
        double step = amount[leaving] / direction[leaving];
        double[] pivotRow = inverse[leaving];
        for (int column = 0; column < pivotRow.length; column++) {
            pivotRow[column] /= direction[leaving];
        }
        for (int row = 0; row < kinds.length; row++) {
            if (row != leaving && direction[row] != 0) {
                amount[row] = Math.max(0, amount[row] - step * direction[row]);
                for (int column = 0; column < pivotRow.length; column++) {
                    inverse[row][column] -= direction[row] * pivotRow[column];
                }
            }
        }
        amount[leaving] = step;
        basis[leaving] = entering;
        cost[leaving] = price;
        return true;
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
        for (int row = 0; row < kinds.length; row++) {
            Filling filling = basis[row];
            if (filling != null && amount[row] > EPSILON) {
                shares.add(new Share(filling, amount[row]));
            }
        }
        return shares;
    }
}
