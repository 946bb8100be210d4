package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FillingSearchTest {
    @Test
    void findsTheMostValuableFillingThatThereIs() {
        for (int seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            PackingProblem problem = problem(random, 1 + random.nextInt(5));
            double[] worth = random.doubles(problem.kinds(), 0, 1).toArray();
            double best = bruteForce(problem, worth, 0, new int[problem.kinds()]);

            int[] found = new FillingSearch(problem, Long.MAX_VALUE).best(0, worth, problem.demand(), 0);

            if (best == 0) {
                assertThat(found).isNull();
            } else {
                assertThat(problem.fits(0, found)).isTrue();
                assertThat(value(worth, found))
                        .as("seed %d", seed)
                        .isEqualTo(best, org.assertj.core.data.Offset.offset(1e-9));
            }
        }
    }

    @Test
    void findsNothingThatIsWorthNoMoreThanTheThreshold() {
        PackingProblem problem = problem(new Random(7), 4);
        double[] worth = {1, 1, 1, 1};
        double best = bruteForce(problem, worth, 0, new int[4]);

        assertThat(new FillingSearch(problem, 1_000).best(0, worth, problem.demand(), best))
                .isNull();
        assertThat(new FillingSearch(problem, 1_000).best(0, worth, problem.demand(), best - 0.1))
                .isNotNull();
    }

    private static PackingProblem problem(Random random, int kinds) {
        double[] cpu = new double[kinds];
        double[] memory = new double[kinds];
        int[] demand = new int[kinds];
        int[] most = new int[kinds];
        boolean[] takes = new boolean[kinds];
        for (int kind = 0; kind < kinds; kind++) {
            cpu[kind] = random.nextInt(5);
            memory[kind] = random.nextInt(6);
            demand[kind] = random.nextInt(4);
            most[kind] = 1 + random.nextInt(4);
            takes[kind] = random.nextInt(8) > 0;
        }
        return new PackingProblem(cpu, memory, demand, most, new WorkerKind[] {new WorkerKind(8, 9, 1, takes)});
    }

    private static double bruteForce(PackingProblem problem, double[] worth, int kind, int[] tasks) {
        if (!problem.fits(0, tasks)) {
            return 0;
        }
        if (kind == worth.length) {
            return value(worth, tasks);
        }
        double best = 0;
        for (int count = 0; count <= problem.demand()[kind]; count++) {
            tasks[kind] = count;
            best = Math.max(best, bruteForce(problem, worth, kind + 1, tasks));
        }
        tasks[kind] = 0;
        return best;
    }

    private static double value(double[] worth, int[] tasks) {
        double sum = 0;
        for (int kind = 0; kind < tasks.length; kind++) {
            sum += worth[kind] * tasks[kind];
        }
        return sum;
    }
}
