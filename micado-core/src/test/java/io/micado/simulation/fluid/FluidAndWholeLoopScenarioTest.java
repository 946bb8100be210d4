package io.micado.simulation.fluid;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.policy.Predictive;
import io.micado.policy.TargetTracking;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The fluid model and the whole loop make the same decisions at the same seconds on the same load.
 *
 * <p>For that both have to look at the same world at the same moments. So replicas of the whole loop start and stop within exactly
 * one metric interval, which is the lead time of the trial, and no pass falls between two of the trial's; its load begins with
 * its first pass, and is not measured before the second, since a trial has nothing to look back at when it begins. A loop that
 * looks at other moments is not wrong: it sees some changes of the load in two halves and makes two decisions of one, and it
 * has learnt from some other samples, after which a policy that compares forecasts may for a while prefer another one
 * of almost the same worth and come out a replica higher or lower.
 */
class FluidAndWholeLoopScenarioTest {
    private static final Duration PASS = Duration.ofSeconds(5);
    /** Just after the first pass. */
    private static final Duration BEGUN = Duration.ofMillis(250).plusNanos(1);

    /** Ten minutes each, so that every change has settled before the next. */
    private static final LoadTrace STEPS =
            LoadTrace.of("steps", Duration.ofMinutes(10), 20, 60, 75, 40, 40, 95, 30, 30, 30);

    private static final LoadTrace EIGHT_HOURS = LoadTrace.of(
            "eight hours",
            Duration.ofMinutes(10),
            new Random(4).doubles(48, 15, 200).toArray());

    private static final PolicySpec TRACKER =
            TargetTracking.of("service:requests").perReplica(7);
    private static final PolicySpec PREDICTIVE =
            Predictive.builder().perInstance("service:requests", 10).build();

    /** Without a dead band, so that every change of the load shows. */
    private static final Behavior EXACT = Behavior.REPLICAS.withTolerance(0);

    /** One decision, at a second since the start. Immutable. */
    private record Change(long second, int from, int to) {
        static Change of(Decision decision) {
            return new Change(decision.at().getEpochSecond() % 86_400, decision.from(), decision.to());
        }
    }

    @Test
    void aPlainTrackerFollowsStepsAlike() {
        assertThat(wholeLoop(TRACKER, STEPS))
                .isEqualTo(fluid(TRACKER, STEPS))
                .extracting(Change::to)
                .containsExactly(9, 11, 6, 14, 5);
    }

    @Test
    void thePredictivePolicyFollowsStepsAlike() {
        assertThat(wholeLoop(PREDICTIVE, STEPS))
                .isEqualTo(fluid(PREDICTIVE, STEPS))
                .extracting(Change::to)
                .containsExactly(9, 12, 7, 14, 5);
    }

    @Test
    void aPlainTrackerDecidesAlikeForHours() {
        assertThat(wholeLoop(TRACKER, EIGHT_HOURS))
                .isEqualTo(fluid(TRACKER, EIGHT_HOURS))
                .hasSizeGreaterThan(40);
    }

    @Test
    void thePredictivePolicyDecidesAlikeForHours() {
        assertThat(wholeLoop(PREDICTIVE, EIGHT_HOURS))
                .isEqualTo(fluid(PREDICTIVE, EIGHT_HOURS))
                .hasSizeGreaterThan(40);
    }

    private static List<Change> fluid(PolicySpec policy, LoadTrace load) {
        return PolicyTrial.of(policy)
                .trace(load)
                .replicas()
                .behavior(EXACT)
                .leadTime(PASS)
                .interval(PASS)
                .window(PASS)
                .capacity(10)
                .startingWith(3)
                .between(1, 40)
                .run()
                .decisions()
                .stream()
                .map(Change::of)
                .toList();
    }

    private static List<Change> wholeLoop(PolicySpec policy, LoadTrace load) {
        ServiceSpec web = ServiceSpec.builder("web")
                .image("web")
                .limit(Resources.ofCores(0.1))
                .initialReplicas(3)
                .replicas(1, 40)
                .behavior(EXACT)
                .policy(policy)
                .build();
        RandomDuration aPass = RandomDuration.constant(PASS);
        // What costs nothing is not measured.
        try (Scenario scenario = Scenario.builder()
                .workers(2, 2, "large")
                .cloud(cloud -> cloud.bootTime(RandomDuration.NONE).joinTime(RandomDuration.NONE))
                .cluster(cluster -> cluster.taskStart(aPass).taskStop(aPass))
                .service(web, load, 0)
                .at(BEGUN, begun -> begun.metrics().load("web", load, 0.01))
                .build()) {
            return scenario.run(load.length()).result().decisions().stream()
                    .filter(decision ->
                            decision.target().level() == TargetId.Level.SERVICE && decision.changesSomething())
                    .map(Change::of)
                    .toList();
        }
    }
}
