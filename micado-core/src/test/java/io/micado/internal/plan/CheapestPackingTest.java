package io.micado.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.internal.plan.PackingProblem.Filling;
import io.micado.internal.plan.PackingProblem.WorkerKind;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.LongFunction;
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
    private static final int INSTANCES_OF_MANY_TASKS = Integer.getInteger("micado.packing.instances", 1);
    /** One of each way in which tasks differ in size, if its bound is quickly proven. */
    private static final int[] QUICKLY_PROVEN = {2, 3, 5, 12};

    private static final double MOST_ABOVE_THE_BOUND = 0.02;
    /** Bounds are raised until they show this: slightly less, so that none is found too low by rounding. */
    private static final double SHOWN = 0.0195;

    private static final long EFFORT_OF_MANY_KINDS = 220_000_000;

    @Test
    void costsAtMostTwoPercentMoreThanTheBoundAndNeverMoreThanKnownPackings() {
        compare("of few kinds", IntStream.rangeClosed(1, INSTANCES).toArray(), PackingInstances::ofSeed, 0);
    }

    @Test
    void ofTasksThatAllDifferInSizeCostsAtMostTwoPercentMoreThanTheBound() {
        int[] seeds = INSTANCES > 5 ? IntStream.rangeClosed(1, INSTANCES).toArray() : QUICKLY_PROVEN;
        compare("of many sizes", seeds, PackingInstances::ofManySizes, SHOWN);
    }

    /** Compares; a bound need not be higher than what shows the gap, as the highest may take minutes. */
    private static void compare(
            String what, int[] seeds, LongFunction<PackingProblem> problems, double gapThatIsEnough) {
        double worst = 0;
        double sum = 0;
        double slowest = 0;
        for (int seed : seeds) {
            PackingProblem problem = problems.apply(seed);
            CheapestPacking packing = new CheapestPacking(problem);
            long begun = cpuTime();
            List<Filling> fillings = packing.pack();
            double millis = (cpuTime() - begun) / 1e6;
            assertHoldsEverything(problem, fillings);
            assertThat(packing.effortSpent()).as("steps, seed %d", seed).isLessThan(EFFORT_OF_MANY_KINDS);
            double price = fillings.stream().mapToDouble(problem::price).sum();
            double leastWaste = KnownPackings.leastWaste(problem);
            double cheapestType = KnownPackings.cheapestType(problem);
            assertThat(price).as("seed %d", seed).isLessThanOrEqualTo(Math.min(leastWaste, cheapestType) + 1e-6);
            double bound = ConfigurationBound.of(problem, fillings, price / (1 + gapThatIsEnough));
            double gap = price / bound - 1;
            assertThat(gap).as("no bound without a proof, seed %d", seed).isGreaterThan(-1e-6);
            System.out.printf(
                    Locale.ROOT,
                    "%4d %4d kinds %2d types %4d workers  above the bound at most %5.2f %%  least-waste %+6.2f %%  cheapest type %+6.2f %%"
                            + "  %5.1f million steps  %6.1f ms of CPU%n",
                    seed,
                    problem.kinds(),
                    problem.workers().length,
                    fillings.size(),
                    100 * gap,
                    100 * (leastWaste / price - 1),
                    100 * (cheapestType / price - 1),
                    packing.effortSpent() / 1e6,
                    millis);
            worst = Math.max(worst, gap);
            sum += gap;
            slowest = Math.max(slowest, millis);
        }
        System.out.printf(
                Locale.ROOT,
                "%d problems of 1,000 tasks %s: above the bound at most %.2f %% on average, %.2f %% in the worst; %.0f ms of CPU at most%n",
                seeds.length,
                what,
                100 * sum / seeds.length,
                100 * worst,
                slowest);
        assertThat(worst).isLessThanOrEqualTo(MOST_ABOVE_THE_BOUND);
    }

    @ParameterizedTest
    @CsvSource({"5000, 400", "1000, 400"})
    void ofManyTasksIsNeverDearerThanKnownPackingsAndEndsInTime(int tasks, int kinds) {
        for (int seed = 1; seed <= INSTANCES_OF_MANY_TASKS; seed++) {
            PackingProblem problem = PackingInstances.of(seed, kinds, tasks);
            CheapestPacking packing = new CheapestPacking(problem);
            List<Filling> fillings = packing.pack();
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
                    "%4d %5d tasks %4d kinds  above the sums %5.2f %%  least-waste %+6.2f %%  cheapest type %+6.2f %%  %5.1f million steps%n",
                    seed,
                    tasks,
                    problem.kinds(),
                    100 * (price / bound - 1),
                    100 * (leastWaste / price - 1),
                    100 * (cheapestType / price - 1),
                    packing.effortSpent() / 1e6);
        }
    }

    @Test
    void ofManyKindsHeedsWhatWorkersTakeAndHowManyOfAKind() {
        PackingProblem free = PackingInstances.of(3, 300);
        Random random = new Random(3);
        int[] most = random.ints(free.kinds(), 1, 3).toArray();
        WorkerKind[] workers = free.workers().clone();
        WorkerKind largest = Arrays.stream(workers)
                .max(Comparator.comparingDouble(WorkerKind::cpu).thenComparingDouble(WorkerKind::memory))
                .orElseThrow();
        for (int worker = 0; worker < workers.length; worker++) {
            boolean[] takes = new boolean[free.kinds()];
            for (int kind = 0; kind < takes.length; kind++) {
                takes[kind] = workers[worker] == largest || random.nextBoolean();
            }
            workers[worker] =
                    new WorkerKind(workers[worker].cpu(), workers[worker].memory(), workers[worker].price(), takes);
        }
        PackingProblem problem = new PackingProblem(free.cpu(), free.memory(), free.demand(), most, workers);

        List<Filling> fillings = new CheapestPacking(problem).pack();

        assertHoldsEverything(problem, fillings);
        double simple = new CheapestPacking(problem)
                .packSimply().stream().mapToDouble(problem::price).sum();
        assertThat(fillings.stream().mapToDouble(problem::price).sum()).isLessThan(simple);
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
