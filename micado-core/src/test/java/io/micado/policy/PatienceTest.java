package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final TargetTracker CPU_60 = TargetTrackingPolicy.create(Settings.EMPTY);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private Instant now = PolicyContexts.NOW;
    private PolicyState memory = PolicyState.NONE;

    @Test
    void believesASlightExcessWhenItWasMeasuredForTheThirdTimeInARow() {
        assertThat(measured(0.68).count()).isEqualTo(10);
        assertThat(measured(0.68).count()).isEqualTo(10);
        assertThat(measured(0.68).count()).isEqualTo(12);
    }

    @Test
    void saysWhatItWaitsFor() {
        assertThat(measured(0.68).reason()).contains("stays at 10 replicas unless the next measurements say the same");
    }

    @Test
    void beginsAnewAfterAMeasurementWithinTheTolerance() {
        measured(0.68);
        measured(0.68);
        measured(0.63);
        assertThat(measured(0.68).count()).isEqualTo(10);
    }

    @Test
    void countsAMeasurementOnceHoweverManyPassesSeeIt() {
        measured(0.68);
        for (int pass = 0; pass < 4; pass++) {
            now = now.plusSeconds(1);
            assertThat(seen(0.68).count()).isEqualTo(10);
        }
    }

    @Test
    void countsASampleOfASlowSourceOnceHoweverManyIntervalsOfTheOthersItOutlasts() {
        for (int pass = 0; pass < 6; pass++) {
            now = now.plus(INTERVAL);
            Recommendation.Capacity answer = recommend(PolicyContexts.service("web")
                    .at(now)
                    .reservation(1, 0)
                    .sampleInterval(Duration.ofSeconds(30))
                    .state(memory)
                    .replicas(10, 0.68));
            memory = answer.state();
            assertThat(answer.count()).isEqualTo(10);
        }
    }

    @Test
    void believesAGreatExcessAtOnce() {
        assertThat(measured(0.75).count()).isEqualTo(13);
    }

    @Test
    void believesAnythingAtOnceWhereThereIsNoTolerance() {
        Recommendation.Capacity answer = recommend(web(0.62).tolerance(0, 0));
        assertThat(answer.count()).isEqualTo(11);
    }

    @Test
    void believesSaturationAtOnceSinceItHidesHowGreatTheExcessIs() {
        TargetTracker cpu90 = TargetTrackingPolicy.create(Settings.of(Map.of("cpu", "0.9")));
        assertThat(((Recommendation.Capacity) cpu90.recommend(web(1).build())).count())
                .isEqualTo(12);
    }

    @Test
    void remembersNothingWhileThereIsNothingToWaitFor() {
        assertThat(measured(0.6).state()).isEqualTo(PolicyState.NONE);
    }

    private Recommendation.Capacity measured(double use) {
        now = now.plus(INTERVAL);
        return seen(use);
    }

    private Recommendation.Capacity seen(double use) {
        Recommendation.Capacity answer = recommend(web(use));
        memory = answer.state();
        return answer;
    }

    private PolicyContexts web(double use) {
        return PolicyContexts.service("web")
                .at(now)
                .reservation(1, 0)
                .limit(1, 0)
                .state(memory)
                .replicas(10, use);
    }

    private static Recommendation.Capacity recommend(PolicyContexts context) {
        return (Recommendation.Capacity) CPU_60.recommend(context.build());
    }
}
