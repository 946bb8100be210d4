package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerPool;
import io.micado.policy.Alerts;
import io.micado.policy.Backlog;
import io.micado.policy.Predictive;
import io.micado.policy.Schedule;
import io.micado.policy.StepScaling;
import io.micado.policy.TargetTracking;
import io.micado.policy.Threshold;
import io.micado.simulation.Scenario;
import io.micado.simulation.ScenarioResult;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Puts every built-in policy, on both levels at once, under a load that does not change: as long as it is constant nothing may be
 * done, as long as it is noise nothing may be taken back, and all the same a load that doubles has to be answered.
 *
 * <p>Each policy has a service and a pool of its own, in one infrastructure, and nothing of the others: they share the time that
 * it takes to simulate.
 */
@Execution(ExecutionMode.CONCURRENT)
class SteadyLoadScenarioTest {
    /** With 80 requests a second, the number that a measurement of five seconds counts is off by 5 % by chance. */
    private static final double REQUESTS = 80;

    static final double CORE_SECONDS = 0.05;
    private static final Duration SETTLED = Duration.ofHours(2);
    private static final PolicySpec ALL_DAY = Schedule.in(ZoneOffset.UTC)
            .every("0 0 * * *", Duration.ofHours(24), 2)
            .build();

    /** A policy that is not here is not tested: one line for each. */
    private static final Map<String, PolicySpec> POLICIES = new LinkedHashMap<>();

    static {
        POLICIES.put("target-tracking", TargetTracking.cpu(0.6));
        POLICIES.put("threshold", Threshold.of(80, 50));
        POLICIES.put("step", StepScaling.cpu().above(0.7, "+1").below(0.4, "-1").build());
        POLICIES.put("alerts", Alerts.steps());
        POLICIES.put(
                "backlog",
                Backlog.of(Surroundings.WAITING)
                        .within(Duration.ofMinutes(5))
                        .arrivals(Surroundings.ARRIVING)
                        .eachHandles(Surroundings.HANDLED)
                        .build());
        POLICIES.put("predictive", Predictive.target(0.6));
        POLICIES.put("schedule", ALL_DAY);
        POLICIES.put("most", PolicySpec.max(TargetTracking.cpu(0.6), ALL_DAY));
        POLICIES.put("least", PolicySpec.min(TargetTracking.cpu(0.6), Threshold.of(80, 50)));
    }

    /** A calendar alone does not look at the load. */
    private static final Set<String> NOT_UNDER_NOISE = Set.of("schedule");

    @TestFactory
    Stream<DynamicTest> doesNothingForSevenDaysOnceItHasSettledUnderConstantLoad() {
        Duration pace = Duration.ofMinutes(5);
        Map<String, PolicySpec> policies = policies(name -> true);
        try (Scenario scenario = under(constant(REQUESTS), policies, pace)) {
            ScenarioResult settled = scenario.run(SETTLED).result();
            ScenarioResult result = scenario.run(Duration.ofDays(7)).result();
            assertThat(result.launches()).isEqualTo(settled.launches());
            assertThat(result.terminations()).isEqualTo(settled.terminations());
            return targets(policies)
                    .map(target -> dynamicTest(target.toString(), () -> {
                        assertThat(settled.actions(target))
                                .as("what it took to settle")
                                .isPositive();
                        assertThat(result.actions(target))
                                .as("and in seven days")
                                .isEqualTo(settled.actions(target));
                    }));
        }
    }

    @TestFactory
    Stream<DynamicTest> takesNothingBackUnderNoiseAndStillAnswersAStepAtTheDefaultPace() {
        return underNoise(Duration.ofSeconds(5), Duration.ofHours(6));
    }

    @TestFactory
    Stream<DynamicTest> takesNothingBackUnderNoiseAndStillAnswersAStepAtASlowPace() {
        return underNoise(Duration.ofSeconds(30), Duration.ofDays(1));
    }

    /** In the middle of the run the load doubles for a quarter of it. */
    private static Stream<DynamicTest> underNoise(Duration pace, Duration length) {
        Duration up = length.dividedBy(2);
        Duration down = up.plus(length.dividedBy(4));
        Map<String, PolicySpec> policies = policies(name -> !NOT_UNDER_NOISE.contains(name));
        try (Scenario scenario = under(noisy(REQUESTS), policies, pace)) {
            Instant start = scenario.time().wallClock();
            scenario.run(up);
            policies.keySet().forEach(name -> scenario.metrics().load(name, noisy(2 * REQUESTS), CORE_SECONDS));
            scenario.run(down.minus(up));
            policies.keySet().forEach(name -> scenario.metrics().load(name, noisy(REQUESTS), CORE_SECONDS));
            ScenarioResult result = scenario.run(length.minus(down)).result();
            return targets(policies)
                    .map(target -> dynamicTest(target.toString(), () -> {
                        assertThat(turns(between(result, target, start.plus(SETTLED), start.plus(length))))
                                .as("turns")
                                .containsExactly("out", "in");
                        // What the step itself was answered with too much may be given back, once: the turns above say
                        // so.
                        assertThat(between(result, target, start.plus(up), start.plus(down)))
                                .as("answers to the doubled load")
                                .anyMatch(decision -> decision.to() > decision.from());
                        assertThat(between(result, target, start.plus(down), start.plus(length)))
                                .as("answers when it is over")
                                .isNotEmpty()
                                .allMatch(decision -> decision.to() < decision.from());
                    }));
        }
    }

    private static Workload constant(double requests) {
        return Workload.constant(requests);
    }

    private static Workload noisy(double requests) {
        return Workload.constant(requests).withPoissonNoise(7);
    }

    private static Map<String, PolicySpec> policies(Predicate<String> which) {
        Map<String, PolicySpec> some = new LinkedHashMap<>(POLICIES);
        some.keySet().removeIf(which.negate());
        return some;
    }

    private static Stream<TargetId> targets(Map<String, PolicySpec> policies) {
        return policies.keySet().stream().flatMap(name -> Stream.of(TargetId.service(name), TargetId.pool(name)));
    }

    private static Scenario under(Workload load, Map<String, PolicySpec> policies, Duration pace) {
        Surroundings surroundings = new Surroundings(pace);
        Scenario.Builder builder = Scenario.builder()
                .seed(1)
                .metricInterval(pace)
                .sampleEvery(Duration.ofHours(1))
                .micado(micado -> micado.passInterval(pace).metrics("surroundings", surroundings));
        policies.forEach((name, policy) -> builder.pool(WorkerPool.builder(name)
                        .between(1, 20)
                        .offering(Scenario.CLOUD, "medium", Settings.EMPTY)
                        .policy(policy)
                        .build())
                .service(
                        ServiceSpec.builder(name)
                                .image("web")
                                .limit(Resources.ofMebibytes(1, 512))
                                .constraint("node.labels." + Tags.POOL + "==" + name)
                                .replicas(1, 60)
                                .policy(policy)
                                .build(),
                        load,
                        CORE_SECONDS));
        Scenario scenario = builder.build();
        surroundings.surround(scenario);
        return scenario;
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
