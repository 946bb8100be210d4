package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.internal.plan.PackingProblem.Filling;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Bounds are only as good as the table that proves them. */
class FillingTableTest {
    @Test
    void knowsWhatTheMostValuableFillingIsWorth() {
        int found = 0;
        for (int seed = 1; seed <= 10; seed++) {
            PackingProblem problem = PackingInstances.of(seed, 8, 20);
            double[] worth = new Random(seed).doubles(problem.kinds(), 0.1, 1).toArray();
            FillingTable table = new FillingTable(problem);
            table.fill(worth);
            for (int worker = 0; worker < problem.workers().length; worker++) {
                int[] best = new FillingSearch(problem, Long.MAX_VALUE).best(worker, worth, problem.demand(), 0);
                double most = best == null ? 0 : worth(worth, best);
                assertThat(table.most(worker)).as("seed %d", seed).isEqualTo(most, Offset.offset(1e-4));
                for (int kind = 0; best != null && kind < worth.length; kind++) {
                    // It may take a task twice that there is once: then there is none.
                    Filling filling = best[kind] == 0 ? null : table.around(kind, worker, worth, most - 1e-4);
                    if (filling != null) {
                        found++;
                        assertThat(filling.tasks()[kind]).isPositive();
                        assertThat(problem.fits(worker, filling.tasks())).isTrue();
                        assertThat(worth(worth, filling.tasks())).isEqualTo(most, Offset.offset(1e-3));
                    }
                }
            }
        }
        assertThat(found).isGreaterThan(10);
    }

    private static double worth(double[] worth, int[] tasks) {
        double sum = 0;
        for (int kind = 0; kind < tasks.length; kind++) {
            sum += worth[kind] * tasks[kind];
        }
        return sum;
    }
}
