package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.Metric;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No policy acts on one sample that cannot be right, and each says that there was one. */
class ImpossibleSamplesTest {
    private static final PolicySpec STEPS =
            StepScaling.cpu().above(0.7, "+1").above(5, "+100%").build();
    private static final PolicySpec ORDER_STEPS =
            StepScaling.of("orders").above(500, "+10").below(20, "-1").build();

    private PolicyState state = PolicyState.NONE;

    static Stream<PolicySpec> policies() {
        return Stream.of(TargetTracking.cpu(0.6), STEPS, Threshold.of(70, 10), Predictive.target(0.6));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aTaskCannotUseMoreThanItsLimit(PolicySpec policy) {
        assertThat(count(policy, web().limit(1, 0).replicas(0.6, 0.6, 0.6, 50))).isEqualTo(4);
        assertThat(count(policy, web().limit(1, 0).replicas(0.6, 0.6, 0.6, -50)))
                .isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aTaskWithoutALimitCannotUseMoreThanItsWorkerHas(PolicySpec policy) {
        PolicyContexts context =
                web().reservation(1, 0).worker("w1", 4, 2).on("w1").replicas(0.6, 0.6, 0.6, 50);

        assertThat(count(policy, context)).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aWorkerCannotUseMoreThanItHas(PolicySpec policy) {
        PolicyContexts context = PolicyContexts.pool("workers")
                .worker("w1", 2, 1.2)
                .worker("w2", 2, 1.2)
                .worker("w3", 2, 1_000);

        assertThat(count(policy, context)).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void noWorkerLooksFullForASampleThatCannotBe(PolicySpec policy) {
        PolicyContexts context = web().worker("w1", 2, 1_000).on("w1").replicas(0.5, 0.5);

        assertThat(count(policy, context)).isEqualTo(2);
    }

    /** The new version is limited to one core, and two tasks of the old one use three each. */
    @Test
    void duringAnUpdateTheLimitIsNotThatOfAllTasks() {
        PolicyContexts before =
                web().updating().limit(1, 0).worker("w1", 4, 2).on("w1").replicas(3, 3);
        PolicyContexts after = web().limit(1, 0).worker("w1", 4, 2).on("w1").replicas(3, 3);

        assertThat(answer(TargetTracking.cpu(0.6), before).count()).isGreaterThan(2);
        assertThat(Policies.scaler(TargetTracking.cpu(0.6)).recommend(after.build()))
                .isInstanceOf(Recommendation.Unknown.class);
    }

    @Test
    void memoryIsBoundedAsCpuIs() {
        PolicyContexts context = web().limit(0, 1_000);
        for (double bytes : new double[] {600, 600, 90_000}) {
            context.replica(Duration.ofHours(1), Metric.MEMORY, bytes);
        }

        assertThat(count(TargetTracking.memory(0.6), context)).isEqualTo(3);
    }

    @Test
    void theReasonTellsOfIt() {
        PolicyContexts context = web().limit(1, 0).replicas(0.6, 0.6, 0.6, 50);

        assertThat(answer(TargetTracking.cpu(0.6), context).reason())
                .endsWith("; 1 sample cannot be and counts as missing");
        assertThat(answer(Predictive.target(0.6), context).reason()).contains("(1 sample left out that cannot be)");
    }

    @Test
    void aTotalThatJumpsIsBelievedWhenALaterSampleSaysTheSame() {
        for (PolicySpec policy : totals()) {
            state = PolicyState.NONE;
            pass(policy, 0, 300, 0);

            Recommendation.Capacity first = pass(policy, 5, 40_000, 5);
            assertThat(first.count()).isEqualTo(3);
            assertThat(first.lowerBound()).isTrue();
            assertThat(first.reason()).contains("orders at 40000").endsWith("too far off to be believed at once");
            assertThat(pass(policy, 6, 40_000, 5).count())
                    .as("the same sample, seen by another pass")
                    .isEqualTo(3);
            assertThat(pass(policy, 10, 39_000, 10).count())
                    .as("a later sample")
                    .isGreaterThan(3);
        }
    }

    @Test
    void oneSampleOfATotalThatIsFarOffChangesNothing() {
        for (PolicySpec policy : totals()) {
            state = PolicyState.NONE;
            int before = pass(policy, 0, 300, 0).count();

            assertThat(pass(policy, 5, 1e9, 5).count()).isEqualTo(3);
            assertThat(pass(policy, 10, 300, 10).count()).isEqualTo(before);
        }
    }

    @Test
    void aCounterThatIsResetIsNoReasonForAStepIn() {
        pass(ORDER_STEPS, 0, 300, 0);

        assertThat(pass(ORDER_STEPS, 5, 0, 5).count()).isEqualTo(3);
        assertThat(pass(ORDER_STEPS, 10, 300, 10).count()).isEqualTo(3);
        pass(ORDER_STEPS, 15, 0, 15);
        assertThat(pass(ORDER_STEPS, 20, 1, 20).count()).isEqualTo(2);
    }

    @Test
    void aMeanOfWhichOneSampleIsFarOffIsBelievedWhenAllItsSamplesAreLater() {
        PolicySpec policy = TargetTracking.of("task:lag").keep(10);
        assertThat(lags(policy, 0, 10, 0, 10, 0)).isEqualTo(2);
        assertThat(lags(policy, 5, 10, 2, 1_000, 5)).isEqualTo(2);
        assertThat(lags(policy, 8, 10, 8, 1_000, 5))
                .as("one of them is the same")
                .isEqualTo(2);
        assertThat(lags(policy, 12, 10, 8, 1_000, 10)).isGreaterThan(2);
    }

    /** Three for 300 orders, each of them. */
    private static PolicySpec[] totals() {
        return new PolicySpec[] {
            TargetTracking.of("orders").perReplica(100),
            TargetTracking.of("orders").keep(300),
            ORDER_STEPS,
            Predictive.builder().perInstance("orders", 100).target(1).build()
        };
    }

    /** A pass at a second over three replicas, with the orders as they were measured at another; the memory goes through its text. */
    private Recommendation.Capacity pass(PolicySpec policy, int second, double orders, int measuredAt) {
        Instant now = PolicyContexts.NOW.plusSeconds(second);
        Recommendation.Capacity said = answer(
                policy,
                web().at(now)
                        .sampleAge(Duration.ofSeconds(second - measuredAt))
                        .desired(3)
                        .ready(3)
                        .host("orders", orders)
                        .state(state));
        state = new PolicyState.Encoded(said.state().version(), said.state().encode());
        return said;
    }

    private int lags(PolicySpec policy, int second, double one, int oneAt, double two, int twoAt) {
        Instant now = PolicyContexts.NOW.plusSeconds(second);
        Recommendation.Capacity said = answer(
                policy,
                web().at(now)
                        .state(state)
                        .sampleAge(Duration.ofSeconds(second - oneAt))
                        .replica(Duration.ofHours(1), "lag", one)
                        .sampleAge(Duration.ofSeconds(second - twoAt))
                        .replica(Duration.ofHours(1), "lag", two));
        state = new PolicyState.Encoded(said.state().version(), said.state().encode());
        return said.count();
    }

    private static PolicyContexts web() {
        return PolicyContexts.service("web");
    }

    private static Recommendation.Capacity answer(PolicySpec policy, PolicyContexts context) {
        return (Recommendation.Capacity) Policies.scaler(policy).recommend(context.build());
    }

    private static int count(PolicySpec policy, PolicyContexts context) {
        return answer(policy, context).count();
    }
}
