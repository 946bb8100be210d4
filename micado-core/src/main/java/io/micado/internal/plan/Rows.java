package io.micado.internal.plan;

import io.micado.internal.plan.CoveringProgram.Column;
import io.micado.internal.plan.PackingProblem.Filling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link CoveringProgram} is to cover: each kind of task in a row of its own or, where there are too many kinds, in three rows by
 * its size. Used by {@link CheapestPacking} and {@link PackingBySizes}. Immutable by agreement.
 *
 * <p>Rows by size are the corners of a grid of triangles over CPU and memory; a task counts in those of its triangle, the more the nearer
 * it is. So the program holds the worth of a task to be linear between corners, and takes a few tasks of nearly the same size for
 * each other: it is quickly solved, and tells what mix of fillings is cheapest.
 *
 * @param ofKinds the rows of each kind of task, none for kinds of which nothing is left
 * @param weights how much a task of each kind counts in each of its rows; 1 in all
 * @param demand how much there is to cover in each row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Rows(int[][] ofKinds, double[][] weights, double[] demand) {
    /** Less than this is not worth a row. */
    private static final double EPSILON = 1e-9;

    /** {@return a row for each kind of which any task is left} */
    static Rows ofEach(int[] left) {
        int[] kinds = CheapestPacking.kindsOf(left);
        int[][] ofKinds = new int[left.length][0];
        double[][] weights = new double[left.length][0];
        double[] demand = new double[kinds.length];
        for (int row = 0; row < kinds.length; row++) {
            ofKinds[kinds[row]] = new int[] {row};
            weights[kinds[row]] = new double[] {1};
            demand[row] = left[kinds[row]];
        }
        return new Rows(ofKinds, weights, demand);
    }

    /** {@return rows by size for the tasks that are left, with so many corners along CPU and memory} */
    static Rows bySize(PackingProblem problem, int[] left, int corners) {
        int[] kinds = CheapestPacking.kindsOf(left);
        double[] cpus = quantiles(problem.cpu(), kinds, corners);
        double[] memories = quantiles(problem.memory(), kinds, corners);
        int[][] ofKinds = new int[left.length][0];
        double[][] weights = new double[left.length][0];
        Map<Integer, Integer> rows = new HashMap<>();
        List<Double> demand = new ArrayList<>();
        for (int kind : kinds) {
            int x = interval(cpus, problem.cpu()[kind]);
            int y = interval(memories, problem.memory()[kind]);
            double right = (problem.cpu()[kind] - cpus[x]) / (cpus[x + 1] - cpus[x]);
            double up = (problem.memory()[kind] - memories[y]) / (memories[y + 1] - memories[y]);
            int here = x * (corners + 1) + y;
            int opposite = here + corners + 2;
            int beside = right >= up ? here + corners + 1 : here + 1;
            int[] at = {here, beside, opposite};
            double[] near = {1 - Math.max(right, up), Math.abs(right - up), Math.min(right, up)};
            int[] in = new int[at.length];
            double[] much = new double[at.length];
            int count = 0;
            for (int i = 0; i < at.length; i++) {
                if (near[i] > EPSILON) {
                    int row = rows.computeIfAbsent(at[i], corner -> rows.size());
                    if (row == demand.size()) {
                        demand.add(0.0);
                    }
                    demand.set(row, demand.get(row) + near[i] * left[kind]);
                    in[count] = row;
                    much[count] = near[i];
                    count++;
                }
            }
            ofKinds[kind] = Arrays.copyOf(in, count);
            weights[kind] = Arrays.copyOf(much, count);
        }
        return new Rows(
                ofKinds,
                weights,
                demand.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** {@return increasing sizes between which about as many kinds lie each} At least two. */
    private static double[] quantiles(double[] sizes, int[] kinds, int corners) {
        double[] sorted =
                Arrays.stream(kinds).mapToDouble(kind -> sizes[kind]).sorted().toArray();
        double[] found = new double[corners + 1];
        int count = 0;
        for (int i = 0; i < corners; i++) {
            double size = sorted[(int) Math.round((double) i * (sorted.length - 1) / (corners - 1))];
            if (count == 0 || size > found[count - 1] * (1 + EPSILON)) {
                found[count++] = size;
            }
        }
        if (count == 1) {
            found[count++] = found[0] + 1;
        }
        return Arrays.copyOf(found, count);
    }

    private static int interval(double[] limits, double size) {
        int interval = 0;
        while (interval < limits.length - 2 && size >= limits[interval + 1]) {
            interval++;
        }
        return interval;
    }

    /** {@return the column of a filling} */
    Column column(PackingProblem problem, Filling filling) {
        int[] kinds = CheapestPacking.kindsOf(filling.tasks());
        double[] sums = new double[demand.length];
        int count = 0;
        for (int kind : kinds) {
            for (int i = 0; i < ofKinds[kind].length; i++) {
                int row = ofKinds[kind][i];
                count += sums[row] == 0 ? 1 : 0;
                sums[row] += weights[kind][i] * filling.tasks()[kind];
            }
        }
        int[] in = new int[count];
        double[] counts = new double[count];
        int next = 0;
        for (int row = 0; next < count; row++) {
            if (sums[row] != 0) {
                in[next] = row;
                counts[next] = sums[row];
                next++;
            }
        }
        return new Column(filling, kinds, in, counts, problem.price(filling));
    }

    /** {@return what a task of each kind is worth when each row is worth so much} */
    double[] worthOfKinds(double[] worth) {
        double[] ofKind = new double[ofKinds.length];
        for (int kind = 0; kind < ofKind.length; kind++) {
            for (int i = 0; i < ofKinds[kind].length; i++) {
                ofKind[kind] += worth[ofKinds[kind][i]] * weights[kind][i];
            }
        }
        return ofKind;
    }
}
