package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.internal.plan.PackingProblem.Filling;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packs a thousand tasks of a hundred random problems and compares the price with the bound of the configuration program, and with what
 * others would buy. The figures of all of them: {@code -Dmicado.packing.instances=100}.
 */
class CheapestPackingTest {
    private static final int INSTANCES = Integer.getInteger("micado.packing.instances", 5);

    private static final int INSTANCES_OF_MANY_KINDS = Integer.getInteger("micado.packing.instances", 1);
    private static final long EFFORT_OF_MANY_KINDS = 200_000_000;

    @Test
    void costsAtMostTwoPercentMoreThanTheBoundAndNeverMoreThanKnownPackings() {
        double worst = 0;
        double sum = 0;
        double slowest = 0;
        long effort = 0;
        StringBuilder table = new StringBuilder();
        for (int seed = 1; seed <= INSTANCES; seed++) {
            PackingProblem problem = PackingInstances.ofSeed(seed);
            long begun = System.nanoTime();
            CheapestPacking packing = new CheapestPacking(problem);
            List<Filling> fillings = packing.pack();
            double millis = (System.nanoTime() - begun) / 1e6;
            assertHoldsEverything(problem, fillings);
            double price = fillings.stream().mapToDouble(problem::price).sum();
            double bound = ConfigurationBound.of(problem, fillings);
            double gap = price / bound - 1;
            double leastWaste = KnownPackings.leastWaste(problem) / bound - 1;
            double cheapestType = KnownPackings.cheapestType(problem) / bound - 1;
            table.append(String.format(
                    Locale.ROOT,
                    "%4d %3d kinds %2d types %4d workers  gap %6.2f %%  least-waste %6.1f %%  cheapest type %6.1f %%  %7.1f ms%n",
                    seed,
                    problem.kinds(),
                    problem.workers().length,
                    fillings.size(),
                    100 * gap,
                    100 * leastWaste,
                    100 * cheapestType,
                    millis));
            worst = Math.max(worst, gap);
            sum += gap;
            slowest = Math.max(slowest, millis);
            assertThat(gap).as("no bound without a proof, seed %d", seed).isGreaterThan(-1e-6);
            assertThat(price).as("seed %d", seed).isLessThanOrEqualTo(bound * (1 + leastWaste) + 1e-6);
            assertThat(price).as("seed %d", seed).isLessThanOrEqualTo(bound * (1 + cheapestType) + 1e-6);
        }
        System.out.printf(
                Locale.ROOT,
                "%s%d problems of 1,000 tasks: gap to the bound %.2f %% on average, %.2f %% at most; %.0f ms at most%n",
                table,
                INSTANCES,
                100 * sum / INSTANCES,
                100 * worst,
                slowest);
        assertThat(worst).isLessThanOrEqualTo(0.02);
    }

    @ParameterizedTest
    @CsvSource({"1000, 400", "5000, 400", "1000, 1000"})
    void ofManyKindsIsNeverDearerThanKnownPackingsAndEndsInTime(int tasks, int kinds) {
        for (int seed = 1; seed <= INSTANCES_OF_MANY_KINDS; seed++) {
            PackingProblem problem = PackingInstances.of(seed, kinds, tasks);
            CheapestPacking packing = new CheapestPacking(problem);
            long begun = cpuTime();
            List<Filling> fillings = packing.pack();
            double millis = (cpuTime() - begun) / 1e6;
            assertHoldsEverything(problem, fillings);
            double price = fillings.stream().mapToDouble(problem::price).sum();
            double leastWaste = KnownPackings.leastWaste(problem);
            double cheapestType = KnownPackings.cheapestType(problem);
            assertThat(price).as("seed %d", seed).isLessThanOrEqualTo(Math.min(leastWaste, cheapestType) + 1e-6);
            assertThat(packing.effortSpent()).as("steps, seed %d", seed).isLessThan(EFFORT_OF_MANY_KINDS);
            // The sums alone: far below what any packing costs where sizes do not go well together, but known at once.
            double bound = volume(problem);
            assertThat(price).as("seed %d", seed).isGreaterThan(bound - 1e-6);
            System.out.printf(
                    Locale.ROOT,
                    "%4d %5d tasks %4d kinds %2d types %5d workers  above the sums %5.2f %%  least-waste %+6.2f %%  cheapest type %+6.2f %%"
                            + "  %5.1f million steps  %6.1f ms of CPU%n",
                    seed,
                    tasks,
                    problem.kinds(),
                    problem.workers().length,
                    fillings.size(),
                    100 * (price / bound - 1),
                    100 * (leastWaste / price - 1),
                    100 * (cheapestType / price - 1),
                    packing.effortSpent() / 1e6,
                    millis);
        }
    }

    private static double volume(PackingProblem problem) {
        VolumePrices prices = VolumePrices.of(problem);
        return IntStream.range(0, problem.kinds())
                .mapToDouble(kind -> problem.demand()[kind] * prices.of(problem.cpu()[kind], problem.memory()[kind]))
                .sum();
    }

    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void assertHoldsEverything(PackingProblem problem, List<Filling> fillings) {
        int[] packed = new int[problem.kinds()];
        for (Filling filling : fillings) {
            assertThat(problem.fits(filling.worker(), filling.tasks())).isTrue();
            for (int kind = 0; kind < packed.length; kind++) {
                packed[kind] += filling.tasks()[kind];
            }
        }
        assertThat(packed).isEqualTo(problem.demand());
    }
}
