package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.simulation.Scenario;
import io.micado.simulation.ScenarioResult;
import io.micado.simulation.Workload;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a user of MiCADO tests that a shop scales as it should, before it does so for real: hours of it in a moment. */
class ShopScenarioTest {
    private static final double CPU_SECONDS_PER_REQUEST = 0.02;

    private static Scenario.Builder shop(Workload requestsPerSecond) {
        ServiceSpec web = ServiceSpec.builder("web")
                .image("shop/web")
                .limit(Resources.ofMebibytes(1, 512))
                .replicas(2, 40)
                .build();
        return Scenario.builder().workers(1, 10, "medium").service(web, requestsPerSecond, CPU_SECONDS_PER_REQUEST);
    }

    @Test
    void carriesTheWavesOfADayAndPaysForThemOnly() {
        try (Scenario scenario =
                shop(Workload.sine(350, 250, Duration.ofHours(6))).build()) {
            ScenarioResult result = scenario.run(Duration.ofHours(12)).result();

            assertThat(result.service("web").unservedShare()).isLessThan(0.005);
            assertThat(result.service("web").peakReplicas()).isBetween(18, 24);
            double fixedFleet = 12 * 5; // five workers carry the peak
            assertThat(result.workerHours()).isLessThan(0.75 * fixedFleet);
            assertThat(result.reversals(TargetId.service("web")))
                    .as("the load itself turns four times")
                    .isLessThanOrEqualTo(5);
            assertThat(result.counters().tasksKilledByTermination()).isZero();
        }
    }

    @Test
    void doesNothingWhileTheLoadIsSteady() {
        try (Scenario scenario =
                shop(Workload.constant(300).withPoissonNoise(1)).build()) {
            scenario.run(Duration.ofHours(1));
            int before = scenario.result().decisions().size();

            ScenarioResult result = scenario.run(Duration.ofHours(3)).result();

            assertThat(result.decisions()).hasSize(before);
            assertThat(result.reversals(TargetId.service("web"))).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void saysSoAndRecoversWhenTheCloudHasNoCapacity() {
        try (Scenario scenario = shop(Workload.step(100, Duration.ofMinutes(30), 500))
                .at(Duration.ofMinutes(20), s -> s.cloud().limit("medium", 2))
                .at(Duration.ofMinutes(90), s -> s.cloud().limit("medium", 10))
                .build()) {
            scenario.run(Duration.ofMinutes(90));
            assertThat(scenario.cloud().look()).hasSizeLessThanOrEqualTo(2);
            assertThat(scenario.events())
                    .filteredOn(MicadoEvent.EffectFailed.class::isInstance)
                    .extracting(event -> ((MicadoEvent.EffectFailed) event).kind())
                    .contains(ErrorKind.INSUFFICIENT_CAPACITY);

            scenario.run(Duration.ofMinutes(60));
            assertThat(scenario.cluster().running("web")).isGreaterThanOrEqualTo(15);
        }
    }
}
