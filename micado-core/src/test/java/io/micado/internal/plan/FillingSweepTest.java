package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FillingSweepTest {
    private static final double EACH_COUNTS = 0;

    @Test
    void beginsWithTheFillingThatIsWorthMostForItsPrice() {
        for (int seed = 1; seed <= 100; seed++) {
            PackingProblem problem = problem(seed, 6);
            double[] worth = new Random(seed).doubles(problem.kinds(), 0.1, 1).toArray();
            FillingSearch search = new FillingSearch(problem, Long.MAX_VALUE);
            double most = 0;
            for (int worker = 0; worker < problem.workers().length; worker++) {
                int[] best = search.best(worker, worth, problem.demand(), 0);
                most = Math.max(most, best == null ? 0 : worth(worth, best) / problem.workers()[worker].price());
            }

            List<Filling> fillings = valued(problem, Integer.MAX_VALUE, worth).sweep(EACH_COUNTS, false);

            double first =
                    fillings.isEmpty() ? 0 : worth(worth, fillings.get(0).tasks()) / problem.price(fillings.get(0));
            assertThat(first).as("seed %d", seed).isEqualTo(most, org.assertj.core.data.Offset.offset(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neitherTakesMoreThanIsLeftNorMoreThanFitsNorWhatIsWorthTooLittle(boolean aroundEach) {
        for (int seed = 1; seed <= 100; seed++) {
            PackingProblem problem = problem(seed, 40);
            double[] worth = new Random(seed).doubles(problem.kinds(), 0, 1).toArray();
            double ratio = 0.5;

            List<Filling> fillings = valued(problem, 200, worth).sweep(ratio, aroundEach);

            int[] left = problem.demand().clone();
            for (Filling filling : fillings) {
                assertThat(problem.fits(filling.worker(), filling.tasks()))
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(worth(worth, filling.tasks())).isGreaterThanOrEqualTo(ratio * problem.price(filling));
                Arrays.setAll(left, kind -> left[kind] - filling.tasks()[kind]);
            }
            assertThat(fillings).as("seed %d", seed).isNotEmpty();
            assertThat(Arrays.stream(left).min().orElseThrow())
                    .as("seed %d", seed)
                    .isNotNegative();
        }
    }

    @Test
    void aroundEachFillsAllThatFitsAnywhere() {
        PackingProblem problem = PackingInstances.ofManySizes(1);
        double[] worth = new double[problem.kinds()];
        Arrays.fill(worth, 1);

        int[] packed = new int[problem.kinds()];
        for (Filling filling : valued(problem, 50, worth).sweep(EACH_COUNTS, true)) {
            Arrays.setAll(packed, kind -> packed[kind] + filling.tasks()[kind]);
        }

        assertThat(packed).isEqualTo(problem.demand());
    }

    private static FillingSweep valued(PackingProblem problem, int nodes, double[] worth) {
        FillingSweep sweep = new FillingSweep(problem, nodes);
        sweep.value(worth, problem.demand());
        return sweep;
    }

    /** Some tasks reserve nothing of one kind, some fit nowhere, and some may be only so often on a worker. */
    private static PackingProblem problem(int seed, int kinds) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        double[] cpu = new double[kinds];
        double[] memory = new double[kinds];
        int[] demand = new int[kinds];
        int[] most = new int[kinds];
        WorkerKind[] workers = new WorkerKind[3];
        for (int kind = 0; kind < kinds; kind++) {
            cpu[kind] = random.nextInt(6);
            memory[kind] = random.nextInt(7);
            demand[kind] = random.nextInt(4);
            most[kind] = 1 + random.nextInt(3);
        }
        for (int worker = 0; worker < workers.length; worker++) {
            boolean[] takes = new boolean[kinds];
            for (int kind = 0; kind < kinds; kind++) {
                takes[kind] = random.nextInt(5) > 0;
            }
            workers[worker] = new WorkerKind(4 * (worker + 1), 15 - 4 * worker, 1 + random.nextDouble(), takes);
        }
        return new PackingProblem(cpu, memory, demand, most, workers);
    }

    private static double worth(double[] worth, int[] tasks) {
        double sum = 0;
        for (int kind = 0; kind < tasks.length; kind++) {
            sum += worth[kind] * tasks[kind];
        }
        return sum;
    }
}
