package io.micado.simulation.fluid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.policy.Predictive;
import io.micado.policy.TargetTracking;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.Scenario;
import io.micado.simulation.ScenarioResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fluid model and the whole loop decide the same on the same load. */
class FluidAndWholeLoopScenarioTest {
    private static final Duration PASS = Duration.ofSeconds(5);
    /** Ten minutes each, so that every change has settled before the next. */
    private static final LoadTrace LOAD =
            LoadTrace.of("steps", Duration.ofMinutes(10), 20, 60, 75, 40, 40, 95, 30, 30, 30);

    /** Without a dead band, so that a measurement across a step leaves no trace. */
    private static final Behavior EXACT = Behavior.REPLICAS.withTolerance(0);

    @Test
    void aPlainTrackerSettlesAtTheSameCounts() {
        PolicySpec policy = TargetTracking.of("service:requests").perReplica(7);

        assertThat(wholeLoop(policy)).isEqualTo(fluid(policy)).containsExactly(3, 9, 11, 6, 6, 14, 5, 5, 5);
    }

    @Test
    void thePredictivePolicySettlesAtTheSameCountsButForItsRoom() {
        PolicySpec policy =
                Predictive.builder().perInstance("service:requests", 10).build();
        List<Integer> fluid = fluid(policy);
        List<Integer> wholeLoop = wholeLoop(policy);

        for (int i = 0; i < fluid.size(); i++) {
            assertThat(wholeLoop.get(i)).as("step %d", i).isCloseTo(fluid.get(i), within(1));
        }
    }

    @Test
    void aPlainTrackerMakesTheSameDecisionsAtTheSameTimesOnARecordedDay() {
        LoadTrace day = LoadTrace.of("day", Duration.ofMinutes(1), recordedLikeRates(1_440));
        PolicySpec policy = TargetTracking.of("service:requests").perReplica(7);
        List<Decision> fluid = trial(policy, day, Behavior.REPLICAS).run().decisions();
        List<Decision> wholeLoop;
        try (Scenario scenario = scenario(policy, day, Behavior.REPLICAS)) {
            wholeLoop = scenario.run(Duration.ofDays(1)).result().decisions().stream()
                    .filter(Decision::changesSomething)
                    .toList();
        }
        fluid.forEach(d -> System.out.println("F " + d.at() + " " + d.from() + " " + d.to()));
        wholeLoop.forEach(d -> System.out.println("W " + d.at() + " " + d.from() + " " + d.to()));
    }

    private static double[] recordedLikeRates(int minutes) {
        Random random = new Random(4);
        double[] rates = new double[minutes];
        for (int i = 0; i < minutes; i++) {
            double burst = random.nextInt(90) == 0 ? 60 : 0;
            rates[i] = 60 + 40 * Math.sin(i / 200.0) + 6 * random.nextGaussian() + burst;
        }
        return rates;
    }

    private static List<Integer> fluid(PolicySpec policy) {
        return trial(policy, LOAD, EXACT).run().samples().stream()
                .filter(sample -> sample.second() % 600 == 595)
                .map(TrialResult.Sample::desired)
                .toList();
    }

    private static PolicyTrial trial(PolicySpec policy, LoadTrace load, Behavior behavior) {
        return PolicyTrial.of(policy)
                .trace(load)
                .replicas()
                .behavior(behavior)
                .interval(PASS)
                .window(PASS)
                .capacity(10)
                .startingWith(3)
                .between(1, 40);
    }

    private static Scenario scenario(PolicySpec policy, LoadTrace load, Behavior behavior) {
        ServiceSpec web = ServiceSpec.builder("web")
                .image("web")
                .limit(Resources.ofCores(0.1))
                .initialReplicas(3)
                .replicas(1, 40)
                .behavior(behavior)
                .policy(policy)
                .build();
        return Scenario.builder()
                .workers(2, 2, "large")
                .cloud(cloud -> cloud.bootTime(RandomDuration.NONE).joinTime(RandomDuration.NONE))
                .service(web, load, 0.01)
                .build();
    }

    private static List<Integer> wholeLoop(PolicySpec policy) {
        try (Scenario scenario = scenario(policy, LOAD, EXACT)) {
            List<Integer> settled = new ArrayList<>();
            for (int i = 0; i < LOAD.size(); i++) {
                ScenarioResult result =
                        scenario.run(Duration.ofSeconds(i == 0 ? 595 : 600)).result();
                settled.add(Objects.requireNonNull(result.timeline()
                                .get(result.timeline().size() - 1)
                                .services()
                                .get("web"))
                        .desired());
            }
            return settled;
        }
    }
}
