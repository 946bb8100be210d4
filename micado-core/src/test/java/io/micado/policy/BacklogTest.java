package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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

/** A replica takes 3 s to start: see PolicyContexts. */
class BacklogTest {
    private static final PolicySpec IN_TWO_MINUTES =
            Backlog.of("orders").within(Duration.ofSeconds(123)).eachHandles(5).build();

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "600,1", "601,2", "6000,10"})
    void wantsAsManyAsAreDoneInTime(double waiting, int expected) {
        assertThat(count(IN_TWO_MINUTES, web().host("orders", waiting))).isEqualTo(expected);
    }

    @Test
    void countsHalfOfTheTimeWhenStartingTakesItUp() {
        PolicySpec hurry = Backlog.of("orders")
                .within(Duration.ofSeconds(4))
                .eachHandles(5)
                .build();

        assertThat(count(hurry, web().host("orders", 100))).isEqualTo(10);
    }

    @Test
    void countsWhatArrivesMeanwhile() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofSeconds(123))
                .eachHandles(5)
                .arrivals("arriving")
                .build();

        assertThat(count(policy, web().host("orders", 600).host("arriving", 10)))
                .isEqualTo(3);
        Recommendation.Capacity blind = answer(policy, web().host("orders", 600));
        assertThat(blind.count()).isEqualTo(1);
        assertThat(blind.lowerBound()).as("what arrives is unknown").isTrue();
    }

    @Test
    void comesBackFromZeroAsSoonAsMoreThanTheActivationWaits() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofMinutes(2))
                .eachHandles(5)
                .activation(10)
                .build();

        assertThat(count(policy, PolicyContexts.service("web").host("orders", 10)))
                .isZero();
        assertThat(count(policy, PolicyContexts.service("web").host("orders", 11)))
                .isEqualTo(1);
    }

    @Test
    void learnsWhatOneHandlesWhileThereIsEnoughToDo() {
        PolicySpec policy = Backlog.of("orders")
                .within(Duration.ofSeconds(123))
                .learningFrom("done")
                .build();
        Recommendation.Capacity first = answer(policy, web().host("orders", 50));
        Recommendation.Capacity second =
                answer(policy, web().host("orders", 6000).host("done", 20));
        Recommendation.Capacity idle =
                answer(policy, web().host("orders", 1).host("done", 1).state(restarted(second.state())));

        assertThat(first.count()).as("nothing seen yet").isEqualTo(2);
        assertThat(first.lowerBound()).isTrue();
        assertThat(second.count()).as("10 in a second each").isEqualTo(5);
        assertThat(idle.inputs().get("each.per.second")).as("one of two idles").isCloseTo(10, within(1e-9));
    }

    @Test
    void isUnknownWithoutASample() {
        assertThat(Policies.scaler(IN_TWO_MINUTES).recommend(web().build())).isInstanceOf(Recommendation.Unknown.class);
    }

    @Test
    void saysHowItCameToItsNumber() {
        assertThat(answer(IN_TWO_MINUTES, web().host("orders", 6000)).reason())
                .isEqualTo("6000 orders, done within 123 s, at 5 in a second each: needs 10 replicas");
    }

    @Test
    void damagedMemoryIsNoMemory() {
        for (String text : List.of("", "backlog|", "backlog|NaN", "backlog|-3", "backlog|x", "other|3")) {
            assertThat(BacklogState.of(new PolicyState.Encoded(1, text))).isEqualTo(BacklogState.NOTHING);
        }
    }

    @Test
    void namesAllThatIsWrong() {
        assertThatThrownBy(() -> BacklogPolicy.create(Settings.of(Map.of("eachPerSecond", 0, "handled", "host:"))))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).hasSize(5))
                .hasMessageContaining("waiting: is required")
                .hasMessageContaining("within: is required")
                .hasMessageContaining("eachPerSecond: must be above 0")
                .hasMessageContaining("never with it")
                .hasMessageContaining("handled: must name a metric");
    }

    private static PolicyContexts web() {
        return PolicyContexts.service("web").replicas(2, 0.5);
    }

    private static PolicyState restarted(PolicyState state) {
        return new PolicyState.Encoded(state.version(), state.encode());
    }

    private static Recommendation.Capacity answer(PolicySpec policy, PolicyContexts context) {
        return (Recommendation.Capacity) Policies.scaler(policy).recommend(context.build());
    }

    private static int count(PolicySpec policy, PolicyContexts context) {
        return answer(policy, context).count();
    }
}
