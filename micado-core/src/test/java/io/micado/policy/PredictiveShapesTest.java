package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.Workload;
import io.micado.simulation.fluid.PolicyTrial;
import io.micado.simulation.fluid.TrialResult;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps, ramps and waves, as instances that are fully used. */
class PredictiveShapesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final PolicySpec CPU = Predictive.target(0.7);
    private static final PolicySpec REQUESTS =
            Predictive.builder().perInstance(PolicyTrial.REQUESTS, 1).build();

    private static PolicyTrial trial(PolicySpec policy, Workload load, Duration length) {
        return PolicyTrial.of(policy)
                .trace(LoadTrace.of("shape", load, MINUTE, length))
                .capacity(1);
    }

    private static List<Decision> since(TrialResult result, Duration start) {
        return result.decisions().stream()
                .filter(decision -> decision.at().getEpochSecond() - 1_767_571_200 >= start.toSeconds())
                .toList();
    }

    private static void followsAFivefoldStep(Workload load, int before, PolicySpec policy, Duration at) {
        TrialResult result = trial(policy, load, at.plus(HOUR)).workers().run();
        List<Decision> decisions = since(result, at);

        assertThat(decisions.get(1).to()).as("after two decisions").isGreaterThanOrEqualTo(5 * before);
        assertThat(decisions).allSatisfy(d -> assertThat(d.to()).isLessThanOrEqualTo((int) (1.6 * 5 * before)));
    }

    @Test
    void afterAFivefoldStepTwoDecisionsAreEnoughAndNotTooMuch() {
        for (int before : new int[] {4, 10, 37}) {
            Workload early = Workload.step(before, HOUR.multipliedBy(4), 5 * before);
            followsAFivefoldStep(early, before, CPU, HOUR.multipliedBy(4));
            Workload late = Workload.step(before, HOUR.multipliedBy(30), 5 * before);
            followsAFivefoldStep(late, before, CPU, HOUR.multipliedBy(30));
        }
    }

    @Test
    void aServiceFollowsAFivefoldStepAtItsDefaultRateInTwoDecisions() {
        for (int before : new int[] {4, 10, 37}) {
            Workload step = Workload.step(before, HOUR.multipliedBy(4), 5 * before);
            TrialResult result =
                    trial(CPU, step, HOUR.multipliedBy(5)).replicas().run();
            List<Decision> decisions = since(result, HOUR.multipliedBy(4));

            assertThat(decisions.get(1).to()).as("after two decisions").isGreaterThanOrEqualTo(5 * before);
            assertThat(decisions).allSatisfy(d -> assertThat(d.to()).isLessThanOrEqualTo((int) (1.6 * 5 * before)));
        }
    }

    @Test
    void whatTheHostCountsShowsTheWholeStepAtOnce() {
        TrialResult result = trial(REQUESTS, Workload.step(10, HOUR.multipliedBy(4), 50), HOUR.multipliedBy(5))
                .workers()
                .run();

        assertThat(since(result, HOUR.multipliedBy(4)).get(0).to()).isBetween(50, 80);
    }

    @Test
    void aSmallStepThatSaturatesLeadsToNoMoreThanItsNeedAndALittle() {
        for (int before : new int[] {5, 10, 37}) {
            Workload step = Workload.step(before, Duration.ofMinutes(10), 1.2 * before);
            TrialResult result = trial(CPU, step, HOUR.multipliedBy(2))
                    .startingWith((int) Math.ceil(1.15 * before))
                    .workers()
                    .run();

            assertThat(result.peak()).isLessThanOrEqualTo((int) Math.ceil(1.6 * 1.2 * before));
        }
    }

    @Test
    void aSteadyLoadIsLeftAlone() {
        for (PolicySpec policy : List.of(CPU, REQUESTS)) {
            TrialResult result = trial(policy, Workload.constant(20), Duration.ofDays(2))
                    .workers()
                    .run();

            assertThat(result.actions()).isLessThanOrEqualTo(3);
            assertThat(result.reversals()).isLessThanOrEqualTo(1);
            assertThat(result.unservedShare()).isZero();
        }
    }

    @Test
    void aSlowRampIsFollowedInOneDirection() {
        Workload ramp = Workload.ramp(10, HOUR, HOUR.multipliedBy(13), 60);
        TrialResult result = trial(CPU, ramp, HOUR.multipliedBy(14)).workers().run();

        assertThat(result.reversals()).isLessThanOrEqualTo(2);
        assertThat(result.unservedShare()).isZero();
    }

    @Test
    void wavesAreFollowedAndNotOutdone() {
        Workload square = Workload.square(10, 30, HOUR.multipliedBy(2), 0.5);
        Workload sawtooth =
                Workload.ramp(10, Duration.ZERO, HOUR.multipliedBy(3), 40).repeating(HOUR.multipliedBy(3));
        TrialResult onOff = trial(CPU, square, Duration.ofDays(2)).workers().run();
        TrialResult saw = trial(CPU, sawtooth, Duration.ofDays(2)).workers().run();

        // The square wave turns 48 times in two days, the sawtooth 32 times.
        assertThat(onOff.reversals()).isLessThanOrEqualTo(50);
        assertThat(saw.reversals()).isLessThanOrEqualTo(34);
    }

    @Test
    void learnsWhatHappensByTheClock() {
        double[] rates = new double[5 * 1_440];
        for (int minute = 0; minute < rates.length; minute++) {
            rates[minute] = minute % 1_440 >= 420 && minute % 1_440 < 490 ? 50 : 20;
        }
        LoadTrace jobs = LoadTrace.of("jobs", MINUTE, rates);
        TrialResult learned =
                PolicyTrial.of(CPU).trace(jobs).capacity(1).workers().run();
        TrialResult plain = PolicyTrial.of(TargetTracking.cpu(0.7))
                .trace(jobs)
                .capacity(1)
                .workers()
                .run();

        assertThat(learned.unservedShare()).isLessThan(0.75 * plain.unservedShare());
        assertThat(learned.instanceHours()).isLessThan(plain.instanceHours());
    }

    @Test
    void missingMeasurementsScaleNothingIn() {
        TrialResult result = trial(CPU, Workload.step(40, HOUR.multipliedBy(3), 5), HOUR.multipliedBy(6))
                .workers()
                .measuring(seen -> seen.second() < 3 * 3_600
                        ? seen
                        : new io.micado.simulation.fluid.Observation(
                                seen.second(), seen.desired(), seen.ready(), 0, Double.NaN, Double.NaN))
                .run();

        assertThat(since(result, HOUR.multipliedBy(3))).isEmpty();
    }

    /** Bursts of ten minutes that grow for four, at times that nobody can know. */
    @Test
    void burstsThatGrowAreOrderedForAsBurstsUsuallyNeedAndNotAsTheyAreSeen() {
        double[] rates = new double[4 * 1_440];
        Random random = new Random(3);
        for (int minute = 0; minute < rates.length; minute++) {
            rates[minute] = 10 + random.nextDouble();
        }
        for (int burst = 100; burst < rates.length - 10; burst += 150 + random.nextInt(150)) {
            for (int minute = 0; minute < 10; minute++) {
                rates[burst + minute] += Math.min(24, 6 * (minute + 1));
            }
        }
        LoadTrace trace = LoadTrace.of("bursts", MINUTE, rates);
        TrialResult learned =
                PolicyTrial.of(CPU).trace(trace).capacity(1).workers().run();
        TrialResult plain = PolicyTrial.of(TargetTracking.cpu(0.7))
                .trace(trace)
                .capacity(1)
                .workers()
                .run();

        assertThat(learned.unservedShare()).isLessThan(0.7 * plain.unservedShare());
        assertThat(learned.instanceHours()).isLessThan(plain.instanceHours());
    }

    /** Ten in the night, and twenty by day with bursts at times that nobody can know. */
    @Test
    void aMinimumThatIsMoreThanTheNightNeedsTakesNothingFromTheDay() {
        double[] rates = new double[6 * 1_440];
        Random random = new Random(7);
        for (int minute = 0; minute < rates.length; minute++) {
            boolean isDay = minute % 1_440 >= 480;
            rates[minute] = isDay ? 20 + random.nextDouble() : 2 + random.nextDouble();
            if (isDay && random.nextInt(120) == 0) {
                rates[minute] += 12;
            }
        }
        LoadTrace trace = LoadTrace.of("night and day", MINUTE, rates);
        PolicyTrial trial = PolicyTrial.of(CPU).trace(trace).capacity(1).workers();

        double free = trial.between(1, 1_000).run().unservedShare();
        double held = trial.between(25, 1_000).run().unservedShare();

        assertThat(free).isPositive();
        assertThat(held).isLessThanOrEqualTo(1.1 * free);
    }
}
