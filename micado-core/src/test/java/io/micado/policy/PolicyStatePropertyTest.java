package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyStatePropertyTest {

    /** A pass: how long after the one before, in milliseconds, and the load in percent; negative is no measurement. */
    record Pass(int millis, int percent) {}

    private static List<Pass> passes(Random random) {
        List<Pass> passes = new ArrayList<>();
        int count = Seeds.between(random, 1, 60);
        for (int i = 0; i < count; i++) {
            int load = random.nextBoolean()
                    ? List.of(0, 100, 100, 100).get(random.nextInt(4))
                    : Seeds.between(random, -20, 130);
            passes.add(new Pass(Seeds.between(random, 1, 12_000), load));
        }
        return passes;
    }

    @Test
    void thresholdDecidesTheSameWithAndWithoutARestartInEveryPass() {
        Seeds.check(300, random -> decidesTheSame(passes(random), random.nextBoolean(), Seeds.between(random, 1, 5)));
    }

    private static void decidesTheSame(List<Pass> passes, boolean original, int start) {
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

    @Test
    void combinedMemoriesComeBackAsTheyWere() {
        Seeds.check(500, random -> {
            List<PolicyState> parts = new ArrayList<>();
            int count = random.nextInt(6);
            for (int i = 0; i < count; i++) {
                parts.add(new PolicyState.Encoded(random.nextInt(), Seeds.text(random, 40)));
            }
            CombinedState combined = new CombinedState(parts);

            assertThat(CombinedState.split(
                            new PolicyState.Encoded(combined.version(), combined.encode()), parts.size()))
                    .isEqualTo(parts);
        });
    }

    @Test
    void damagedMemoriesAreForgotten() {
        Instant now = PolicyContexts.NOW;
        Seeds.check(500, random -> {
            String text = Seeds.text(random, 60);
            assertThat(ThresholdState.of(new PolicyState.Encoded(1, "threshold|" + text), now, Duration.ofSeconds(15)))
                    .isEqualTo(ThresholdState.startingAt(now));
            assertThat(CombinedState.split(new PolicyState.Encoded(1, text), 2))
                    .containsExactly(PolicyState.NONE, PolicyState.NONE);
        });
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
