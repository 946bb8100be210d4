package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.simulation.LoadTrace;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TraceCopiesTest {
    private static final int DAY = 1_440;
    private static final Offset<Double> EXACT = within(1e-9);
    /** Each minute has a rate of its own. */
    private static final LoadTrace RISING = trace(4 * DAY, i -> i);
    /** A job of one minute every two hours. */
    private static final LoadTrace JOBS = trace(4 * DAY, i -> i % 120 == 60 ? 50 : 10);

    private static LoadTrace trace(int minutes, IntToDoubleFunction rate) {
        return LoadTrace.of(
                "trace",
                Duration.ofMinutes(1),
                IntStream.range(0, minutes).mapToDouble(rate).toArray());
    }

    private static double[] rates(LoadTrace trace) {
        return IntStream.range(0, trace.size()).mapToDouble(trace::rate).toArray();
    }

    private static long minutesAt(LoadTrace trace, double rate) {
        return IntStream.range(0, trace.size())
                .filter(i -> Math.abs(trace.rate(i) - rate) < 1e-9)
                .count();
    }

    @Test
    void startsLater() {
        LoadTrace shifted = TraceCopies.shifted(RISING);

        assertThat(shifted.size()).isEqualTo(4 * DAY - 437);
        assertThat(shifted.rate(0)).isEqualTo(437);
    }

    @Test
    void swapsHalvesAtMidnight() {
        LoadTrace swapped = TraceCopies.swapped(trace(3 * DAY + 10, i -> i));

        assertThat(swapped.size()).isEqualTo(3 * DAY + 10);
        assertThat(swapped.rate(0)).isEqualTo(DAY);
        assertThat(swapped.rate(2 * DAY + 9)).isEqualTo(3 * DAY + 9);
        assertThat(swapped.rate(2 * DAY + 10)).isZero();
    }

    @Test
    void goesBackwards() {
        LoadTrace backwards = TraceCopies.backwards(RISING);

        assertThat(backwards.rate(0)).isEqualTo(4 * DAY - 1);
        assertThat(rates(TraceCopies.backwards(backwards))).isEqualTo(rates(RISING));
    }

    @Test
    void makesBurstsHigherOrLowerAndLeavesTheRest() {
        assertThat(TraceCopies.withBursts(JOBS, 1.5).peak()).isEqualTo(70);
        assertThat(TraceCopies.withBursts(JOBS, 0.5).peak()).isEqualTo(30);
        assertThat(minutesAt(TraceCopies.withBursts(JOBS, 1.5), 10)).isEqualTo(minutesAt(JOBS, 10));
        // What grows evenly has no bursts.
        assertThat(TraceCopies.withBursts(RISING, 1.5).rate(2 * DAY)).isEqualTo(2 * DAY);
    }

    @Test
    void makesBurstsThreeMinutesLonger() {
        LoadTrace longer = TraceCopies.withLongerBursts(JOBS);

        assertThat(longer.peak()).isEqualTo(50);
        assertThat(minutesAt(longer, 50)).isEqualTo(4 * minutesAt(JOBS, 50));
        assertThat(longer.rate(59)).isEqualTo(10);
        assertThat(longer.rate(63)).isEqualTo(50);
        assertThat(longer.rate(64)).isEqualTo(10);
    }

    @Test
    void movesJobsByUpToFiveMinutes() {
        LoadTrace moved = new TraceCopies(1).withJobsMoved(JOBS);

        assertThat(minutesAt(moved, 50)).isEqualTo(minutesAt(JOBS, 50));
        assertThat(minutesAt(moved, 10)).isEqualTo(minutesAt(JOBS, 10));
        assertThat(IntStream.range(0, moved.size()).filter(i -> moved.rate(i) == 50))
                .allMatch(i -> Math.abs(i % 120 - 60) <= 5)
                .anyMatch(i -> i % 120 < 60)
                .anyMatch(i -> i % 120 > 60);
    }

    @Test
    void addsNoiseOfEightPercentThatChangesNothingOnAverage() {
        LoadTrace noisy = new TraceCopies(1).noisy(trace(4 * DAY, i -> 100));
        double deviation = Math.sqrt(IntStream.range(0, noisy.size())
                .mapToDouble(i -> Math.pow(noisy.rate(i) - noisy.mean(), 2))
                .average()
                .orElseThrow());

        assertThat(noisy.mean()).isCloseTo(100, within(0.5));
        assertThat(deviation).isCloseTo(8, within(0.5));
    }

    @Test
    void makesDaysLonger() {
        LoadTrace stretched = TraceCopies.stretched(RISING);

        assertThat(stretched.size()).isEqualTo(RISING.size());
        assertThat(stretched.rate(0)).isZero();
        assertThat(stretched.rate(1_000)).isEqualTo(930);
    }

    @Test
    void endsAfterThreeDays() {
        assertThat(TraceCopies.threeDays(RISING).length()).isEqualTo(Duration.ofDays(3));
        assertThat(TraceCopies.threeDays(RISING).rate(7)).isEqualTo(7);
    }

    @Test
    void smoothsOverThreeMinutes() {
        LoadTrace smoothed = TraceCopies.smoothed(JOBS);

        assertThat(smoothed.peak()).isCloseTo((10 + 50 + 10) / 3.0, EXACT);
        assertThat(smoothed.mean()).isCloseTo(JOBS.mean(), EXACT);
    }

    @Test
    void addsTwoLoadsEachByItsPeak() {
        LoadTrace sum = TraceCopies.sum(JOBS, trace(DAY, i -> i == 3 ? 4_000 : 2_000));

        assertThat(sum.size()).isEqualTo(DAY);
        assertThat(sum.rate(0)).isCloseTo(0.2 + 0.5, EXACT);
        assertThat(sum.rate(3)).isCloseTo(0.2 + 1, EXACT);
        assertThat(sum.rate(60)).isCloseTo(1 + 0.5, EXACT);
    }

    @Test
    void addsALoadToItselfLater() {
        LoadTrace sum = TraceCopies.plusItselfLater(JOBS);

        assertThat(sum.size()).isEqualTo(4 * DAY - 700);
        assertThat(sum.rate(0)).isCloseTo(0.2 + 0.2, EXACT);
        // Jobs come every 120 minutes, at minute 60; 700 minutes later, at minute 80.
        assertThat(sum.rate(60)).isCloseTo(1 + 0.2, EXACT);
        assertThat(sum.rate(80)).isCloseTo(0.2 + 1, EXACT);
    }

    @Test
    void stepsMayBeOfAnyLength() {
        LoadTrace coarse = LoadTrace.of(
                "coarse",
                Duration.ofMinutes(5),
                IntStream.range(0, 4 * DAY / 5).mapToDouble(i -> i).toArray());

        assertThat(TraceCopies.threeDays(coarse).length()).isEqualTo(Duration.ofDays(3));
        assertThat(TraceCopies.shifted(coarse).rate(0)).isEqualTo(87);
        assertThat(TraceCopies.shifted(coarse).stepSeconds()).isEqualTo(300);
    }

    @Test
    void theSameSeedMakesTheSameCopies() {
        Map<String, LoadTrace> traces = Map.of("jobs", JOBS);

        new TraceCopies(1)
                .of(traces)
                .forEach((name, copy) -> assertThat(rates(copy))
                        .as(name)
                        .isEqualTo(rates(new TraceCopies(1).of(traces).get(name))));
        assertThat(rates(new TraceCopies(2).noisy(JOBS))).isNotEqualTo(rates(new TraceCopies(1).noisy(JOBS)));
    }

    @Test
    void aLoadHasTheCopiesThatMakeSenseForItsLength() {
        assertThat(new TraceCopies(1).of(Map.of("short", trace(60, i -> 1)))).isEmpty();
        assertThat(new TraceCopies(1).of(Map.of("day", trace(DAY, i -> 1))))
                .containsKeys("day shifted", "day noisy")
                .doesNotContainKeys("day swapped", "day stretched", "day three-days", "day + itself");
        assertThat(new TraceCopies(1).of(Map.of("three", trace(3 * DAY, i -> 1))))
                .containsKeys("three swapped", "three stretched", "three + itself")
                .doesNotContainKeys("three three-days");
    }

    @Test
    void anyTwoLongLoadsOfTheSameStepHaveASum() {
        Map<String, LoadTrace> traces = new TreeMap<>(Map.of(
                "a",
                JOBS,
                "b",
                RISING,
                "coarse",
                LoadTrace.of("coarse", Duration.ofDays(1), 1, 1, 1),
                "day",
                trace(DAY, i -> 1)));

        assertThat(new TraceCopies(1).of(traces).keySet())
                .filteredOn(name -> name.contains(" + ") && !name.endsWith("itself"))
                .containsExactly("a + b");
    }
}
