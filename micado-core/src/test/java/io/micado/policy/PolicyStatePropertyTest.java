package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PolicyStatePropertyTest {

    /** A pass: how long after the one before, in milliseconds, and the load in percent; negative is no measurement. */
    record Pass(int millis, int percent) {}

    @Provide
    Arbitrary<List<Pass>> passes() {
        Arbitrary<Integer> load = Arbitraries.oneOf(
                Arbitraries.of(0, 100, 100, 100), Arbitraries.integers().between(-20, 130));
        return Combinators.combine(Arbitraries.integers().between(1, 12_000), load)
                .as(Pass::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void thresholdDecidesTheSameWithAndWithoutARestartInEveryPass(
            @ForAll("passes") List<Pass> passes,
            @ForAll boolean original,
            @ForAll @IntRange(min = 1, max = 5) int start) {
        PolicySpec policy = original ? Threshold.micado03() : Threshold.of(90, 10);
        Scaler scaler = Policies.scaler(policy);
        PolicyState kept = PolicyState.NONE;
        Instant now = PolicyContexts.NOW.plusNanos(1);
        int count = start;
        for (Pass pass : passes) {
            now = now.plusMillis(pass.millis());
            PolicyState saved = new PolicyState.Encoded(kept.version(), kept.encode());
            Recommendation fromKept = scaler.recommend(context(now, count, pass.percent(), kept));
            Recommendation fromSaved = scaler.recommend(context(now, count, pass.percent(), saved));

            assertThat(fromSaved).isEqualTo(fromKept);
            assertThat(fromKept.state().encode().length()).isLessThan(8_192);
            ThresholdState state = (ThresholdState) fromKept.state();
            assertThat(ThresholdState.of(
                            new PolicyState.Encoded(state.version(), state.encode()), now, Duration.ofDays(1)))
                    .isEqualTo(state);
            if (fromKept instanceof Recommendation.Capacity capacity) {
                assertThat(capacity.count()).isBetween(Math.max(1, count - 1), count + 1);
                count = capacity.count();
            }
            kept = state;
        }
    }

    @Property
    void combinedMemoriesComeBackAsTheyWere(@ForAll @Size(max = 5) List<String> texts, @ForAll @IntRange int version) {
        List<PolicyState> parts = texts.stream()
                .map(text -> (PolicyState) new PolicyState.Encoded(version, text))
                .toList();
        CombinedState combined = new CombinedState(parts);

        assertThat(CombinedState.split(new PolicyState.Encoded(combined.version(), combined.encode()), parts.size()))
                .isEqualTo(parts);
    }

    @Property
    void damagedMemoriesAreForgotten(@ForAll String text) {
        Instant now = PolicyContexts.NOW;

        assertThat(ThresholdState.of(new PolicyState.Encoded(1, "threshold|" + text), now, Duration.ofSeconds(15)))
                .isEqualTo(ThresholdState.startingAt(now));
        assertThat(CombinedState.split(new PolicyState.Encoded(1, text), 2))
                .containsExactly(PolicyState.NONE, PolicyState.NONE);
    }

    private static ScalingContext context(Instant now, int count, int percent, PolicyState state) {
        PolicyContexts context = PolicyContexts.service("web")
                .at(now)
                .reservation(1, 0)
                .worker("w", 1, 0)
                .on("w")
                .desired(count)
                .state(state);
        return (percent < 0 ? context.unmeasured(count) : context.replicas(count, percent / 100.0)).build();
    }
}
