package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepScalingTest {
    private static final PolicySpec BY_CPU = StepScaling.cpu()
            .above(0.7, "+1")
            .above(0.9, "+50%")
            .below(0.3, "-1")
            .below(0.1, "-50%")
            .pause(Duration.ofSeconds(60))
            .build();
    private static final PolicySpec BY_LENGTH = StepScaling.of("queue")
            .above(100, "=20")
            .above(10, "+2")
            .below(1, "=2")
            .build();

    @ParameterizedTest
    @CsvSource({"0.5,4", "0.7,4", "0.71,5", "0.91,6", "0.3,4", "0.29,3", "0.09,2"})
    void theOutermostBoundThatIsPassedDecides(double use, int expected) {
        assertThat(count(BY_CPU, web().replicas(4, use))).isEqualTo(expected);
    }

    @Test
    void percentAreAtLeastOne() {
        PolicySpec policy =
                StepScaling.cpu().above(0.5, "+10%").below(0.2, "-10%").build();

        assertThat(count(policy, web().replicas(2, 0.9))).isEqualTo(3);
        assertThat(count(policy, web().replicas(2, 0.1))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"150,20", "50,5", "5,3", "0,2"})
    void takesAMetricOfAnyName(double length, int expected) {
        assertThat(count(BY_LENGTH, web().replicas(3, 0.5).host("queue", length)))
                .isEqualTo(expected);
    }

    @Test
    void waitsUntilTheLastStepCanHaveHadAnEffect() {
        Recommendation first =
                Policies.scaler(BY_CPU).recommend(web().replicas(2, 0.8).build());
        PolicyState saved = restarted(first.state());

        assertThat(count(BY_CPU, later(59).replicas(3, 0.8).state(saved))).isEqualTo(3);
        assertThat(count(BY_CPU, later(60).replicas(3, 0.8).state(saved))).isEqualTo(4);
    }

    @Test
    void goesOnAskingForAStepThatWasNotGiven() {
        Recommendation first =
                Policies.scaler(BY_CPU).recommend(web().replicas(2, 0.8).build());

        assertThat(count(BY_CPU, later(5).replicas(2, 0.8).state(first.state())))
                .isEqualTo(3);
        assertThat(count(BY_CPU, later(10).replicas(2, 0.5).state(first.state())))
                .as("the load is back")
                .isEqualTo(2);
    }

    @Test
    void whoeverIsMissingCountsAsFullyUsedOnTheWayInAndNotAtAllOnTheWayOut() {
        assertThat(count(BY_CPU, web().replicas(3, 0.2).unmeasured(1))).isEqualTo(4);
        assertThat(count(BY_CPU, web().replicas(3, 0.8).unmeasured(1))).isEqualTo(5);
        assertThat(count(
                        StepScaling.of("task:lag").below(5, "-1").build(),
                        web().replica(Duration.ofHours(1), "lag", 1).unmeasured(1)))
                .as("a mean of which a part is missing")
                .isEqualTo(2);
    }

    @Test
    void anExactCountTakesNobodyAwayWhileSomeAreMissing() {
        PolicySpec policy = StepScaling.of("task:lag").above(100, "=3").build();
        PolicyContexts known = web();
        for (int i = 0; i < 6; i++) {
            known.replica(Duration.ofHours(1), "lag", 200);
        }
        Recommendation.Capacity complete =
                (Recommendation.Capacity) Policies.scaler(policy).recommend(known.build());
        Recommendation.Capacity partial = (Recommendation.Capacity)
                Policies.scaler(policy).recommend(known.unmeasured(1).build());

        assertThat(complete.count()).isEqualTo(3);
        assertThat(complete.lowerBound()).isFalse();
        assertThat(partial.count()).isEqualTo(3);
        assertThat(partial.lowerBound()).isTrue();
    }

    @Test
    void isUnknownWithoutASample() {
        assertThat(Policies.scaler(BY_CPU).recommend(web().unmeasured(2).build()))
                .isInstanceOf(Recommendation.Unknown.class);
        assertThat(Policies.scaler(BY_LENGTH)
                        .recommend(web().replicas(2, 0.5).build())
                        .reason())
                .isEqualTo("queue: no fresh sample");
    }

    @Test
    void saysWhatItDidAndWhatItWaitsFor() {
        Recommendation first =
                Policies.scaler(BY_CPU).recommend(web().replicas(2, 0.8).build());
        Recommendation second = Policies.scaler(BY_CPU)
                .recommend(later(20).replicas(3, 0.8).state(first.state()).build());

        assertThat(first.reason()).isEqualTo("cpu at 0.8 of the reservation, \"above 0.7: +1\": 3 instead of 2");
        assertThat(second.reason())
                .isEqualTo("cpu at 0.8 of the reservation, \"above 0.7: +1\": the last step was 20 s ago, the next one"
                        + " comes 60 s after it");
    }

    @Test
    void damagedMemoryIsNoMemory() {
        for (String text : List.of("", "step|x|1|2|", "step|1|2|3", "other|1|2|3|")) {
            assertThat(StepState.of(new PolicyState.Encoded(2, text))).isEqualTo(StepState.NEVER);
        }
    }

    @Test
    void namesAllThatIsWrong() {
        assertThatThrownBy(() -> StepScalingPolicy.create(Settings.of(Map.of(
                        "steps",
                        List.of("often: +1", "above 0.5: -1", "below 0.6: -1", "above 1: =50%"),
                        "pause",
                        "-5s",
                        "metric",
                        "host:"))))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).hasSize(5))
                .hasMessageContaining("\"often: +1\" must have the form above|below BOUND: CHANGE")
                .hasMessageContaining("\"above 0.5: -1\" must not take away above a bound")
                .hasMessageContaining("\"above 1: =50%\" must not have percent of an exact count")
                .hasMessageContaining("metric: must not be blank");
        assertThatThrownBy(() ->
                        StepScaling.cpu().above(0.5, "+1").below(0.5, "-1").build())
                .hasMessageContaining("\"below 0.5: -1\" must have a bound less than that of each \"above\"");
    }

    private static PolicyContexts web() {
        return PolicyContexts.service("web").reservation(1, 0);
    }

    private static PolicyContexts later(int seconds) {
        return PolicyContexts.service("web").reservation(1, 0).at(PolicyContexts.NOW.plusSeconds(seconds));
    }

    private static PolicyState restarted(PolicyState state) {
        return new PolicyState.Encoded(state.version(), state.encode());
    }

    private static int count(PolicySpec policy, PolicyContexts context) {
        return ((Recommendation.Capacity) Policies.scaler(policy).recommend(context.build())).count();
    }
}
