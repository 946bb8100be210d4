package io.micado.simulation.fluid;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/** The fluid model and the whole loop decide the same on the same load. */
class FluidAndWholeLoopScenarioTest {
    private static final Duration PASS = Duration.ofSeconds(5);
    /** Ten minutes each, so that every change has settled before the next. */
    private static final LoadTrace LOAD =
            LoadTrace.of("steps", Duration.ofMinutes(10), 20, 60, 75, 40, 40, 95, 30, 30, 30);

    @Test
    void aPlainTrackerTakesTheSameSteps() {
        assertSameSteps(TargetTracking.of("service:requests").perReplica(7));
    }

    @Test
    void thePredictivePolicyTakesTheSameSteps() {
        assertSameSteps(Predictive.builder().perInstance("service:requests", 10).build());
    }

    private static void assertSameSteps(PolicySpec policy) {
        List<String> fluid = PolicyTrial.of(policy)
                .trace(LOAD)
                .replicas()
                .interval(PASS)
                .window(PASS)
                // The loop measures in the middle between two passes.
                .sensingLag(Duration.ofMillis(2_500))
                .capacity(10)
                .startingWith(3)
                .between(1, 40)
                .run()
                .decisions()
                .stream()
                .map(FluidAndWholeLoopScenarioTest::words)
                .toList();

        assertThat(wholeLoop(policy)).isEqualTo(fluid).hasSizeGreaterThan(4);
    }

    private static List<String> wholeLoop(PolicySpec policy) {
        ServiceSpec web = ServiceSpec.builder("web")
                .image("web")
                .limit(Resources.ofCores(0.1))
                .initialReplicas(3)
                .replicas(1, 40)
                .policy(policy)
                .build();
        try (Scenario scenario = Scenario.builder()
                .workers(2, 2, "large")
                .cloud(cloud -> cloud.bootTime(RandomDuration.NONE).joinTime(RandomDuration.NONE))
                .service(web, LOAD, 0.01)
                .build()) {
            return scenario.run(LOAD.length()).result().decisions().stream()
                    .filter(decision -> decision.target().equals(TargetId.service("web")))
                    .map(FluidAndWholeLoopScenarioTest::words)
                    .toList();
        }
    }

    private static String words(Decision decision) {
        return decision.from() + " -> " + decision.to();
    }
}
