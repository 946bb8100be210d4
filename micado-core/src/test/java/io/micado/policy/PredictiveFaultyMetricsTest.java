package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.Workload;
import io.micado.simulation.fluid.Observation;
import io.micado.simulation.fluid.PolicyTrial;
import io.micado.simulation.fluid.TrialResult;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the default policy makes of measurements that are wrong, over days of a load that is as it should be. */
class PredictiveFaultyMetricsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final PolicySpec CPU = Predictive.target(0.7);
    private static final PolicySpec REQUESTS =
            Predictive.builder().perInstance(PolicyTrial.REQUESTS, 1).build();
    /** The middle of the afternoon of the second day. */
    private static final int FAULT = 38 * 3_600;

    private static final long START = 1_767_571_200;
    /** Between 10 and 30, once a day. */
    private static final Workload DAYS = Workload.sine(20, 10, HOUR.multipliedBy(24));

    private static TrialResult run(PolicySpec policy, UnaryOperator<Observation> change) {
        return PolicyTrial.of(policy)
                .trace(LoadTrace.of("days", DAYS, Duration.ofMinutes(1), HOUR.multipliedBy(48)))
                .capacity(1)
                .workers()
                .measuring(change)
                .run();
    }

    private static UnaryOperator<Observation> between(
            int from, int to, DoubleUnaryOperator use, DoubleUnaryOperator offered) {
        return seen -> seen.second() < from || seen.second() >= to
                ? seen
                : new Observation(
                        seen.second(),
                        seen.desired(),
                        seen.ready(),
                        seen.measured(),
                        use.applyAsDouble(seen.utilisation()),
                        offered.applyAsDouble(seen.offered()));
    }

    private static List<Decision> decisions(TrialResult result, int from, int to) {
        return result.decisions().stream()
                .filter(d -> d.at().getEpochSecond() - START >= from && d.at().getEpochSecond() - START < to)
                .toList();
    }

    private static List<Integer> counts(TrialResult result, int from, int to) {
        return result.samples().stream()
                .filter(s -> s.second() >= from && s.second() < to)
                .map(TrialResult.Sample::desired)
                .toList();
    }

    @Test
    void oneImpossibleSampleChangesNextToNothing() {
        for (double factor : new double[] {0, 50, 1e6}) {
            UnaryOperator<Observation> spike = between(FAULT, FAULT + 15, use -> factor * use, all -> factor * all);
            for (PolicySpec policy : List.of(CPU, REQUESTS)) {
                TrialResult right = run(policy, seen -> seen);
                TrialResult wrong = run(policy, spike);

                List<Integer> expected = counts(right, FAULT, FAULT + 1_800);
                List<Integer> counts = counts(wrong, FAULT, FAULT + 1_800);
                for (int i = 0; i < counts.size(); i++) {
                    assertThat(counts.get(i))
                            .as("%s times as much, pass %d", factor, i)
                            .isCloseTo(expected.get(i), within(1));
                }
            }
        }
    }

    @Test
    void measurementsThatAreMinutesLateScaleNothingIn() {
        TrialResult result = PolicyTrial.of(CPU)
                .trace(LoadTrace.of("fall", Workload.step(30, HOUR, 5), Duration.ofMinutes(1), HOUR.multipliedBy(6)))
                .capacity(1)
                .workers()
                .sensingLag(Duration.ofMinutes(4))
                .run();

        assertThat(result.decisions()).isEmpty();
    }

    @Test
    void gapsOfAnHourScaleNothingInAndOutOnlyAsOnTheDayBefore() {
        UnaryOperator<Observation> gap = seen -> seen.second() < FAULT || seen.second() >= FAULT + 3_600
                ? seen
                : new Observation(seen.second(), seen.desired(), seen.ready(), 0, Double.NaN, Double.NaN);
        TrialResult result = run(CPU, gap);

        assertThat(decisions(result, FAULT, FAULT + 3_600)).allSatisfy(decision -> {
            assertThat(decision.to()).isGreaterThan(decision.from());
            assertThat(decision.reason()).contains("no fresh sample").contains("other days needed");
        });
        assertThat(result.peak()).isLessThanOrEqualTo(run(CPU, seen -> seen).peak());
    }

    @Test
    void aValueThatStandsStillIsShownInEveryDecisionAndNeverLeadsBelowTheLeast() {
        TrialResult result = PolicyTrial.of(CPU)
                .trace(LoadTrace.of("days", DAYS, Duration.ofMinutes(1), HOUR.multipliedBy(48)))
                .capacity(1)
                .workers()
                .between(6, 60)
                .measuring(between(FAULT, Integer.MAX_VALUE, use -> 0.4, all -> all))
                .run();

        assertThat(counts(result, FAULT, Integer.MAX_VALUE))
                .allSatisfy(count -> assertThat(count).isBetween(6, 60));
        assertThat(decisions(result, FAULT + 60, Integer.MAX_VALUE))
                .allSatisfy(decision -> assertThat(decision.reason()).contains("cpu at 40 %"));
    }
}
