package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The timing of MiCADO 0.3, second by second: rules every 60 s, groups after 10 s and then every 20 s. */
class ThresholdScenarioTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10})
    void addsAReplica91SecondsAfterAStepAndThenOneEvery80Seconds(int secondsBetweenPasses) {
        ThresholdRun run = ThresholdRun.of(Threshold.micado03()).every(secondsBetweenPasses);

        // The step is 21 s before the evaluation at 60, which sees a mean of 94 %. Those at 60 and 120 are 60 s apart,
        // more
        // than 30 s, so it fires at 120; the group is looked at at 130, 150, … 210, and 190 is not more than 60 s after
        // 130.
        List<String> actions = run.until(300, second -> second < 39 ? 80 : 100);

        assertThat(actions).containsExactly("130: 1 -> 2", "210: 2 -> 3", "290: 3 -> 4");
        assertThat(130 - 39).isEqualTo(91);
    }

    @Test
    void firstActsBetween97And157SecondsAfterAStepDependingOnTheEvaluations() {
        List<Integer> delays = IntStream.range(1, 61)
                .map(step ->
                        first(ThresholdRun.of(Threshold.micado03()).every(1).until(400, s -> s < step ? 0 : 100))
                                - step)
                .boxed()
                .toList();

        // 27 s until the mean is above 90 %, up to 60 s until that is evaluated, 60 s until it fires, 10 s for the
        // group.
        assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(97, 157));
        assertThat(delays).anyMatch(delay -> delay > 150).anyMatch(delay -> delay < 100);
    }

    @Test
    void actsSoonerWithTheDefaultsThanAsTheOriginal() {
        int own = first(ThresholdRun.of(Threshold.of(90, 10)).every(1).until(400, s -> s < 39 ? 80 : 100)) - 39;

        assertThat(own).isLessThan(60);
    }

    @Test
    void addsAWorkerEvery320Seconds() {
        ThresholdRun run = ThresholdRun.of(Threshold.micado03()).ofPool().every(5);

        assertThat(run.until(1_100, second -> 75))
                .containsExactly("70: 1 -> 2", "390: 2 -> 3", "710: 3 -> 4", "1030: 4 -> 5");
    }

    @Test
    void takesAnIdleWorkerAwayAfterTwoMinutes() {
        ThresholdRun run =
                ThresholdRun.of(Threshold.micado03()).ofPool().every(5).startingWith(4);

        assertThat(run.until(900, second -> 5)).containsExactly("130: 4 -> 3", "450: 3 -> 2", "770: 2 -> 1");
        assertThat(run.until(2_000, second -> 5)).isEmpty();
    }

    @Test
    void takesAnAlertThatComesBackForANewOne() {
        ThresholdRun run = ThresholdRun.of(Threshold.micado03()).ofPool().every(5);

        // Gone at the evaluation of 240, back at that of 300: the second action is 300 s after the first, not 320 s.
        assertThat(run.until(400, second -> second < 120 || second >= 240 ? 90 : 20))
                .containsExactly("70: 1 -> 2", "370: 2 -> 3");
    }

    @Test
    void flapsAsTheOriginalDoes() {
        ThresholdRun original = ThresholdRun.of(
                        Threshold.builder().micado03().scaleOut(60).scaleIn(40).build())
                .every(5)
                .startingWith(2);

        assertThat(original.until(100, second -> 35)).containsExactly("70: 2 -> 1");
    }

    private static int first(List<String> actions) {
        return Integer.parseInt(actions.get(0).substring(0, actions.get(0).indexOf(':')));
    }
}
