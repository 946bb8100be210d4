package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.internal.plan.CoveringProgram.Column;
import io.micado.internal.plan.PackingProblem.Filling;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final Offset<Double> NEARLY = Offset.offset(1e-6);

    @Test
    void everyTaskCountsOnceHoweverManyRowsThereAre() {
        PackingProblem problem = PackingInstances.ofManySizes(6);
        for (int corners : new int[] {2, 7, 16}) {
            Rows rows = Rows.bySize(problem, problem.demand(), corners);

            assertThat(rows.demand()).hasSizeLessThanOrEqualTo(corners * corners);
            assertThat(DoubleStream.of(rows.demand()).sum()).isEqualTo(PackingInstances.TASKS, NEARLY);
            for (double[] weights : rows.weights()) {
                assertThat(weights).hasSizeBetween(1, 3);
                assertThat(DoubleStream.of(weights).min().orElseThrow()).isPositive();
                assertThat(DoubleStream.of(weights).sum()).isEqualTo(1, NEARLY);
            }
        }
    }

    @Test
    void aFillingIsWorthInRowsWhatItsTasksAre() {
        PackingProblem problem = PackingInstances.ofManySizes(4);
        Rows rows = Rows.bySize(problem, problem.demand(), 5);
        double[] worth = new double[rows.demand().length];
        Arrays.setAll(worth, row -> 1 + row * 0.37);
        int[] tasks = new int[problem.kinds()];
        tasks[3] = 2;
        tasks[500] = 1;
        tasks[900] = 4;

        Column column = rows.column(problem, new Filling(1, tasks));

        double[] ofKinds = rows.worthOfKinds(worth);
        assertThat(column.kinds()).containsExactly(3, 500, 900);
        assertThat(column.price()).isEqualTo(problem.workers()[1].price());
        assertThat(column.worth(worth)).isEqualTo(2 * ofKinds[3] + ofKinds[500] + 4 * ofKinds[900], NEARLY);
    }

    @Test
    void tasksOfOneSizeShareOneRowAndWhatIsGoneHasNone() {
        PackingProblem one = PackingInstances.of(1, 3);
        double[] same = {2, 2, 2};
        PackingProblem problem = new PackingProblem(same, same, one.demand(), one.most(), one.workers());

        Rows rows = Rows.bySize(problem, new int[] {4, 0, 3}, 7);

        assertThat(rows.demand()).containsExactly(7);
        assertThat(rows.ofKinds()[1]).isEmpty();
        assertThat(rows.worthOfKinds(new double[] {5})).containsExactly(5, 0, 5);
    }
}
