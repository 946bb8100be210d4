package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.simulation.Scenario;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** The policies backlog and schedule in the whole system, in virtual time. */
class QueueAndCalendarScenarioTest {
    private static final TargetId SORTER = TargetId.service("sorter");

    @Test
    void aServiceWithNothingToDoGoesToZeroAndComesBackForWhatWaits() {
        double[] waiting = {0};
        try (Scenario scenario = Scenario.builder()
                .workers(1, 10, "medium")
                .service(
                        service(0, 20)
                                .policy(Backlog.of("orders")
                                        .within(Duration.ofMinutes(2))
                                        .eachHandles(5)
                                        .build())
                                .build(),
                        Workload.constant(0),
                        0.01)
                .build()) {
            scenario.micado().gauge("orders", () -> waiting[0]);
            scenario.run(Duration.ofMinutes(15));
            assertThat(scenario.cluster().running("sorter")).isZero();

            waiting[0] = 3_000;
            scenario.run(Duration.ofMinutes(3));
            assertThat(scenario.cluster().running("sorter")).isGreaterThanOrEqualTo(5);
            Decision out = scenario.micado().explain(SORTER).stream()
                    .filter(decision -> decision.from() == 0 && decision.to() > 0)
                    .findFirst()
                    .orElseThrow();
            assertThat(out.reason()).contains("3000 orders, due within 120 s");

            waiting[0] = 0;
            scenario.run(Duration.ofMinutes(15));
            assertThat(scenario.cluster().running("sorter")).isZero();
        }
    }

    @Test
    void whatTheCalendarWantsIsThereWhenItsTimeComes() {
        try (Scenario scenario = Scenario.builder()
                .workers(1, 10, "medium")
                .service(service(1, 20).build(), Workload.constant(1), 0.01)
                .build()) {
            scenario.run(Duration.ofMinutes(10));
            LocalDateTime soon = LocalDateTime.ofInstant(scenario.time().wallClock(), ZoneOffset.UTC)
                    .plusMinutes(30)
                    .withSecond(0)
                    .withNano(0);
            PolicySpec calendar = Schedule.in(ZoneOffset.UTC)
                    .once(soon, Duration.ofMinutes(20), 12)
                    .build();
            scenario.micado()
                    .deploy(service(1, 20)
                            .policy(PolicySpec.max(TargetTracking.cpu(0.6), calendar))
                            .build());
            Duration until = Duration.between(scenario.time().wallClock(), soon.toInstant(ZoneOffset.UTC));

            scenario.run(until.minusMinutes(10));
            assertThat(scenario.cluster().running("sorter")).isEqualTo(1);
            scenario.run(Duration.ofMinutes(10));
            assertThat(scenario.cluster().running("sorter"))
                    .as("at the time itself")
                    .isEqualTo(12);
            scenario.run(Duration.ofMinutes(30));
            assertThat(scenario.cluster().running("sorter")).isEqualTo(1);
        }
    }

    private static ServiceSpec.Builder service(int min, int max) {
        return ServiceSpec.builder("sorter")
                .image("sorter")
                .limit(Resources.ofMebibytes(1, 128))
                .replicas(min, max);
    }
}
