package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final Scaler UNKNOWN = in -> Recommendation.unknown("blind");
    private static final ScalingContext WEB =
            PolicyContexts.service("web").replicas(4, 0.5).build();

    @Test
    void takesTheMost() {
        Recommendation.Capacity answer = known(Policies.max(says(3), says(7), says(5)), WEB);

        assertThat(answer.count()).isEqualTo(7);
        assertThat(answer.lowerBound()).isFalse();
        assertThat(answer.reason()).isEqualTo("says 7; says 3; says 5");
        assertThat(answer.inputs()).containsEntry("said", 3.0).containsEntry("said#2", 7.0);
    }

    @Test
    void mayOnlyAddWhileOneOfThemIsUnknownIncompleteOrBroken() {
        Scaler broken = in -> {
            throw new IllegalStateException("no");
        };
        Scaler missing = in -> {
            throw new NoClassDefFoundError("org/example/Missing");
        };
        Scaler silent = in -> nothing();

        assertThat(known(Policies.max(says(3), UNKNOWN), WEB).lowerBound()).isTrue();
        assertThat(known(Policies.max(says(3), broken), WEB).lowerBound()).isTrue();
        assertThat(known(Policies.max(says(3), missing), WEB).lowerBound()).isTrue();
        assertThat(known(Policies.max(says(3), silent), WEB).lowerBound()).isTrue();
        assertThat(known(
                                Policies.max(
                                        says(3),
                                        in -> Recommendation.of(2, "at least").asLowerBound()),
                                WEB)
                        .lowerBound())
                .isTrue();
        assertThat(known(Policies.max(says(3), broken), WEB).reason())
                .isEqualTo("says 3; failed: java.lang.IllegalStateException: no");
    }

    @Test
    void isUnknownWhenAllAre() {
        assertThat(Policies.max(UNKNOWN, UNKNOWN).recommend(WEB)).isInstanceOf(Recommendation.Unknown.class);
    }

    @Test
    void takesTheLeastAndIsUnknownWhileOneOfThemIs() {
        assertThat(known(Policies.min(says(7), says(3), says(5)), WEB).count()).isEqualTo(3);
        assertThat(known(Policies.min(says(7), says(3)), WEB).reason()).isEqualTo("says 3; says 7");
        assertThat(Policies.min(says(7), UNKNOWN).recommend(WEB)).isInstanceOf(Recommendation.Unknown.class);
    }

    @Test
    void takesTheFirstThatIsKnown() {
        assertThat(known(Policies.firstKnown(UNKNOWN, says(5), says(9)), WEB).count())
                .isEqualTo(5);
        assertThat(known(Policies.firstKnown(says(2), UNKNOWN), WEB).lowerBound())
                .isFalse();
        assertThat(Policies.firstKnown(UNKNOWN, UNKNOWN).recommend(WEB)).isInstanceOf(Recommendation.Unknown.class);
    }

    @Test
    void makesAScalerOfACombinationThatIsWrittenDown() {
        PolicySpec spec = PolicySpec.min(
                PolicySpec.max(PolicySpec.of(says(2)), PolicySpec.of(says(6))),
                PolicySpec.firstKnown(PolicySpec.of(UNKNOWN), PolicySpec.of(says(8))));

        assertThat(known(Policies.scaler(spec), WEB).count()).isEqualTo(6);
        assertThat(spec.type()).isEqualTo("min of max of custom, custom, first-known of custom, custom");
    }

    @Test
    void givesEachItsOwnMemoryAlsoOverARestart() {
        Scaler both = Policies.max(counting(1), counting(10));
        PolicyState first = both.recommend(WEB).state();
        PolicyState second = both.recommend(WEB.withState(first)).state();
        PolicyState saved = new PolicyState.Encoded(second.version(), second.encode());

        assertThat(known(both, WEB.withState(second)).inputs())
                .containsEntry("calls", 2.0)
                .containsEntry("calls#2", 20.0);
        assertThat(known(both, WEB.withState(saved)).inputs())
                .containsEntry("calls", 2.0)
                .containsEntry("calls#2", 20.0);
    }

    @Test
    void keepsTheMemoryOfOneThatFails() {
        Scaler broken = in -> {
            throw new IllegalStateException("no");
        };
        PolicyState before = new CombinedState(List.of(PolicyState.NONE, new PolicyState.Encoded(3, "kept")));
        PolicyState after =
                Policies.max(says(1), broken).recommend(WEB.withState(before)).state();

        assertThat(CombinedState.split(after, 2).get(1)).isEqualTo(new PolicyState.Encoded(3, "kept"));
    }

    @Test
    void startsAnewFromAMemoryThatIsNotItsOwn() {
        for (PolicyState strange : List.of(
                PolicyState.NONE,
                new PolicyState.Encoded(2, "combined|1:1:a|1:1:b"),
                new PolicyState.Encoded(1, "threshold|1"),
                new PolicyState.Encoded(1, "combined|1:1:a"),
                new PolicyState.Encoded(1, "combined|1:99:a|1:1:b"),
                new PolicyState.Encoded(1, "combined|x"),
                new CombinedState(List.of(new PolicyState.Encoded(1, "a"))))) {
            assertThat(CombinedState.split(strange, 2))
                    .as(strange.toString())
                    .containsExactly(PolicyState.NONE, PolicyState.NONE);
        }
    }

    @Test
    void recommendsNoLessThanItIsTold() {
        assertThat(known(Policies.noLessThan(3, says(1)), WEB).count()).isEqualTo(3);
        assertThat(known(Policies.noLessThan(3, says(1)), WEB).reason()).isEqualTo("says 1; no less than 3");
        assertThat(known(Policies.noLessThan(3, says(5)), WEB)).isEqualTo(says(5).recommend(WEB));
        assertThat(Policies.noLessThan(3, UNKNOWN).recommend(WEB)).isEqualTo(UNKNOWN.recommend(WEB));
        assertThat(known(Policies.noLessThan(6, UNKNOWN), WEB).count()).isEqualTo(6);
        assertThat(known(Policies.noLessThan(6, UNKNOWN), WEB).lowerBound()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> Policies.noLessThan(-1, UNKNOWN));
    }

    @Test
    void combinesBuiltInPoliciesWithLambdas() {
        Scaler cpu = Policies.scaler(TargetTracking.cpu(0.5));
        Scaler steps = Policies.scaler(Threshold.of(90, 10));
        Scaler combined = Policies.max(cpu, steps, says(2));

        assertThat(known(combined, WEB).count()).isEqualTo(4);
        assertThat(Policies.scaler(PolicySpec.of(combined))).isSameAs(combined);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policies.scaler(PolicySpec.of("no-such-policy")))
                .withMessageContaining("must be a built-in one")
                .withMessageContaining("got \"no-such-policy\"");
    }

    private static Scaler says(int count) {
        return in -> Recommendation.of(count, "says " + count).with("said", count);
    }

    private static Scaler counting(int step) {
        return in -> {
            int calls = in.state().equals(PolicyState.NONE)
                    ? 0
                    : Integer.parseInt(in.state().encode());
            return Recommendation.of(1, "counts")
                    .with("calls", calls)
                    .remembering(new PolicyState.Encoded(1, Integer.toString(calls + step)));
        };
    }

    /** What a careless scaler returns. */
    private static Recommendation nothing() {
        return null;
    }

    private static Recommendation.Capacity known(Scaler scaler, ScalingContext context) {
        return (Recommendation.Capacity) scaler.recommend(context);
    }
}
