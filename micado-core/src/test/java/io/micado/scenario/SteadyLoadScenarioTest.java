package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import io.micado.policy.Predictive;
import io.micado.policy.TargetTracking;
import io.micado.policy.Threshold;
import io.micado.simulation.Scenario;
import io.micado.simulation.ScenarioResult;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Puts every built-in policy, on both levels at once, under a load that does not change: as long as it is constant nothing may be
 * done, as long as it is noise nothing may be taken back, and all the same a load that doubles has to be answered.
 */
class SteadyLoadScenarioTest {
    /** With 80 requests a second, the number that a measurement of five seconds counts is off by 5 % by chance. */
    private static final double REQUESTS = 80;

    private static final double CORE_SECONDS = 0.05;
    private static final Duration DEFAULT_PACE = Duration.ofSeconds(5);
    private static final Duration SETTLED = Duration.ofHours(2);
    private static final TargetId SERVICE = TargetId.service("web");
    private static final TargetId POOL = TargetId.pool("workers");

    /** A policy that is not here is not tested: one line for each. */
    private static Stream<Named<PolicySpec>> policies() {
        return Stream.of(
                Named.of("predictive", Predictive.target(0.6)),
                Named.of("target-tracking", TargetTracking.cpu(0.6)),
                Named.of("threshold", Threshold.of(80, 50)));
    }

    private static Stream<Arguments> policiesAtTheirPace() {
        return policies()
                .flatMap(policy -> Stream.of(
                        Arguments.of(policy, DEFAULT_PACE, Duration.ofHours(8)),
                        Arguments.of(policy, Duration.ofSeconds(30), Duration.ofDays(3))));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void doesNothingForSevenDaysOnceItHasSettledUnderConstantLoad(PolicySpec policy) {
        try (Scenario scenario = under(Workload.constant(REQUESTS), policy, Duration.ofMinutes(1))
                .build()) {
            ScenarioResult settled = scenario.run(SETTLED).result();
            assertThat(settled.decisions()).as("what it took to settle").isNotEmpty();
            ScenarioResult result = scenario.run(Duration.ofDays(7)).result();
            assertThat(result.decisions()).as("decisions of seven days").hasSameSizeAs(settled.decisions());
            assertThat(result.launches()).isEqualTo(settled.launches());
            assertThat(result.terminations()).isEqualTo(settled.terminations());
        }
    }

    /** In the middle of the run the load doubles for a quarter of it. */
    @ParameterizedTest
    @MethodSource("policiesAtTheirPace")
    void takesNothingBackUnderNoiseAndStillAnswersAStep(PolicySpec policy, Duration pace, Duration length) {
        Duration up = length.dividedBy(2);
        Duration down = up.plus(length.dividedBy(4));
        try (Scenario scenario = under(noisy(REQUESTS), policy, pace)
                .at(up, it -> it.metrics().load("web", noisy(2 * REQUESTS), CORE_SECONDS))
                .at(down, it -> it.metrics().load("web", noisy(REQUESTS), CORE_SECONDS))
                .build()) {
            Instant start = scenario.time().wallClock();
            ScenarioResult result = scenario.run(length).result();
            for (TargetId target : List.of(SERVICE, POOL)) {
                assertThat(turns(between(result, target, start.plus(SETTLED), start.plus(length))))
                        .as("turns of %s", target)
                        .containsExactly("out", "in");
                assertThat(between(
                                result, target, start.plus(up), start.plus(up).plus(SETTLED)))
                        .as("answers of %s to the doubled load", target)
                        .isNotEmpty()
                        .allMatch(decision -> decision.to() > decision.from());
                assertThat(between(result, target, start.plus(down), start.plus(length)))
                        .as("answers of %s when it is over", target)
                        .isNotEmpty()
                        .allMatch(decision -> decision.to() < decision.from());
            }
        }
    }

    private static Workload noisy(double requests) {
        return Workload.constant(requests).withPoissonNoise(7);
    }

    private static Scenario.Builder under(Workload load, PolicySpec policy, Duration pace) {
        return Scenario.builder()
                .seed(1)
                .metricInterval(pace)
                .sampleEvery(Duration.ofMinutes(10))
                .micado(micado -> micado.passInterval(pace))
                .pool(WorkerPool.builder("workers")
                        .between(1, 20)
                        .offering(Scenario.CLOUD, "medium", Settings.EMPTY)
                        .policy(policy)
                        .build())
                .service(
                        ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofMebibytes(1, 512))
                                .replicas(1, 60)
                                .policy(policy)
                                .build(),
                        load,
                        CORE_SECONDS);
    }

    /** The directions of the decisions, several steps in the same direction told once. */
    private static List<String> turns(List<Decision> decisions) {
        List<String> turns = new ArrayList<>();
        for (Decision decision : decisions) {
            String direction = decision.to() > decision.from() ? "out" : "in";
            if (turns.isEmpty() || !turns.get(turns.size() - 1).equals(direction)) {
                turns.add(direction);
            }
        }
        return turns;
    }

    private static List<Decision> between(ScenarioResult result, TargetId target, Instant from, Instant to) {
        return result.decisions().stream()
                .filter(decision -> decision.target().equals(target))
                .filter(decision ->
                        !decision.at().isBefore(from) && decision.at().isBefore(to))
                .toList();
    }
}
