package io.micado.simulation.fluid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.policy.Backlog;
import io.micado.policy.Predictive;
import io.micado.policy.Schedule;
import io.micado.policy.TargetTracking;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTrialTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static PolicyTrial fixed(int count, double... rates) {
        return PolicyTrial.of((TrialSetting setting) -> seen -> count)
                .trace(LoadTrace.of("made", MINUTE, rates))
                .capacity(10)
                .startingWith(2);
    }

    @Test
    void aUsersOwnTraceLeadTimeAndLimits() {
        LoadTrace orders =
                LoadTrace.of("orders", Workload.sine(300, 200, Duration.ofDays(1)), MINUTE, Duration.ofDays(3));

        TrialResult result = PolicyTrial.of(Predictive.target(0.7))
                .trace(orders)
                .workers()
                .leadTime(Duration.ofMinutes(3))
                .capacity(20)
                .run();

        assertThat(result.unservedShare()).isLessThan(0.001);
        assertThat(result.instanceHours()).isLessThan(1.5 * 3 * 24 * 300 / 20);
    }

    @Test
    void whatGoesBeyondTheCapacityIsNotServed() {
        TrialResult result = fixed(2, 10, 30, 20, 20).run();

        assertThat(result.unservedShare()).isCloseTo(10.0 / 80, within(1e-9));
        assertThat(result.underTimeShare()).isCloseTo(0.25, within(1e-9));
        assertThat(result.underAccuracy()).isCloseTo(0.25 / 3, within(1e-9));
        assertThat(result.overTimeShare()).isCloseTo(0.25, within(1e-9));
        assertThat(result.overAccuracy()).isCloseTo(0.25, within(1e-9));
        assertThat(result.instanceHours()).isCloseTo(2 * 4 / 60.0, within(1e-9));
        assertThat(result.billedHours()).isEqualTo(2);
        assertThat(result.actions()).isZero();
        assertThat(result.requests()).isEqualTo(80 * 60);
    }

    @Test
    void instancesServeAfterTheirLeadTimeAndCostFromTheDecisionOn() {
        TrialResult result =
                fixed(3, 30, 30, 30, 30).leadTime(Duration.ofSeconds(90)).run();

        assertThat(result.unservedShare()).isCloseTo(90.0 / 240 / 3, within(1e-9));
        assertThat(result.instanceHours()).isCloseTo(3 * 4 / 60.0, within(1e-9));
        assertThat(result.samples()).element(5).isEqualTo(new TrialResult.Sample(75, 3, 2));
        assertThat(result.samples()).element(6).isEqualTo(new TrialResult.Sample(90, 3, 3));
        assertThat(result.serving()).containsExactly(new TrialResult.Serving(0, 2), new TrialResult.Serving(90, 3));
    }

    @Test
    void tellsWhenInstancesBeganToServeBetweenDecisions() {
        assertThat(fixed(3, 30, 30)
                        .leadTime(Duration.ofMillis(50_500))
                        .failing(MINUTE, 1)
                        .run()
                        .serving())
                .containsExactly(
                        new TrialResult.Serving(0, 2),
                        new TrialResult.Serving(50.5, 3),
                        new TrialResult.Serving(60, 0),
                        new TrialResult.Serving(110.5, 3));
    }

    @Test
    void anAutoscalerMayLetSomeOfThoseThatAreReadyWait() {
        List<Double> use = new ArrayList<>();
        TrialResult result = PolicyTrial.of((TrialSetting setting) -> new Autoscaler() {
                    private int serving = 3;

                    @Override
                    public int decide(Observation seen) {
                        use.add(seen.utilisation());
                        serving = seen.second() < 60 ? 3 : 1;
                        return 3;
                    }

                    @Override
                    public int serving(int ready) {
                        return serving;
                    }
                })
                .trace(LoadTrace.of("made", MINUTE, 15, 15))
                .capacity(10)
                .startingWith(3)
                .run();

        assertThat(use).first().isEqualTo(Double.NaN);
        assertThat(use).element(4).isEqualTo(0.5);
        assertThat(use).element(5).isEqualTo(1.0);
        assertThat(result.unservedShare()).isCloseTo(5.0 / 30, within(1e-9));
        assertThat(result.underAccuracy()).isCloseTo(0.5 * 0.5, within(1e-9));
        assertThat(result.moved()).isEqualTo(2);
        assertThat(result.instanceHours()).isCloseTo(3 * 2 / 60.0, within(1e-9));
        assertThat(result.serving()).containsExactly(new TrialResult.Serving(0, 3), new TrialResult.Serving(60, 1));
    }

    @Test
    void theYoungestGoFirstAndEveryBegunHourIsBilled() {
        TrialResult result = PolicyTrial.of((TrialSetting setting) -> seen -> seen.second() < 60 ? 4 : 1)
                .trace(LoadTrace.of("made", MINUTE, 10, 10, 10))
                .capacity(10)
                .startingWith(2)
                .leadTime(Duration.ofSeconds(30))
                .run();

        assertThat(result.billedHours()).isEqualTo(4);
        assertThat(result.instanceHours()).isCloseTo((4 + 1 + 1) / 60.0, within(1e-9));
        assertThat(result.moved()).isEqualTo(3);
        assertThat(result.actions()).isEqualTo(2);
        assertThat(result.reversals()).isEqualTo(1);
        assertThat(result.peak()).isEqualTo(4);
    }

    @Test
    void utilisationIsTheAverageOfTheWindowAndShowsNoMoreThanAll() {
        List<Observation> seen = new ArrayList<>();
        PolicyTrial.of((TrialSetting setting) -> observation -> {
                    seen.add(observation);
                    return observation.second() == 60 ? 4 : observation.desired();
                })
                .trace(LoadTrace.of("made", MINUTE, 10, 50, 20))
                .capacity(10)
                .startingWith(2)
                .leadTime(Duration.ofSeconds(30))
                .sensingLag(Duration.ofSeconds(5))
                .run();

        assertThat(seen.get(0).utilisation()).isNaN();
        assertThat(seen.get(4)).isEqualTo(new Observation(60, 2, 2, 2, 0.5, 10));
        assertThat(seen.get(5).utilisation()).isCloseTo((0.5 * 5 + 1 * 10) / 15, within(1e-9));
        assertThat(seen.get(5).offered()).isCloseTo((10 * 5 + 50 * 10) / 15.0, within(1e-9));
        // Two more serve from second 90 on; they have a sample when they have served for a whole window.
        assertThat(seen.get(6))
                .extracting(Observation::ready, Observation::measured)
                .containsExactly(4, 2);
        assertThat(seen.get(8))
                .extracting(Observation::ready, Observation::measured)
                .containsExactly(4, 4);
    }

    @Test
    void failedInstancesAreReplacedAndTheTimeUntilAllIsServedCounts() {
        TrialResult result = fixed(2, 20, 20, 20, 20, 20, 20)
                .leadTime(Duration.ofSeconds(45))
                // Noticed at the decision of second 60.
                .failing(Duration.ofSeconds(50), 0.5)
                .run();

        assertThat(result.recovery()).contains(Duration.ofSeconds(45));
        assertThat(result.unservedShare()).isCloseTo(0.5 * 45 / 360, within(1e-9));
        assertThat(result.moved()).isZero();
    }

    @Test
    void theProductsOwnStabilizationLiesBetweenPolicyAndCount() {
        PolicySpec nervous =
                PolicySpec.of(in -> Recommendation.of(in.now().getEpochSecond() / 60 % 2 == 0 ? 6 : 1, "nervous"));
        PolicyTrial trial = PolicyTrial.of(nervous)
                .trace(LoadTrace.of("made", Workload.constant(10), MINUTE, Duration.ofHours(1)))
                .capacity(10)
                .startingWith(6);

        assertThat(trial.run().actions()).isZero();
        assertThat(trial.behavior(Behavior.IMMEDIATE).run().actions()).isEqualTo(59);
    }

    @Test
    void calendarsCountFromWhenTheTraceBegan() {
        PolicyTrial trial = PolicyTrial.of(Schedule.in(ZoneId.of("Europe/Budapest"))
                        .every("30 9 * * MON-FRI", Duration.ofHours(1), 4)
                        .build())
                .startingWith(1)
                .capacity(10);
        LoadTrace load = LoadTrace.of("made", MINUTE, new double[120]);

        // A Thursday in summer time: two hours later than in UTC.
        TrialResult result = trial.trace(load.startingAt(Instant.parse("2018-04-26T07:00:00Z")))
                .run();

        assertThat(result.decisions()).first().satisfies(decision -> {
            assertThat(decision.at()).isEqualTo("2018-04-26T07:30:00Z");
            assertThat(decision.to()).isEqualTo(4);
        });
        assertThat(trial.trace(load).run().decisions()).isEmpty();
    }

    @Test
    void policiesThatTakeAnotherMetricCanBeTriedToo() {
        for (String metric : List.of("orders.waiting", "service:orders.waiting", "host:orders.waiting")) {
            TrialResult result = PolicyTrial.of(Backlog.of(metric)
                            .within(Duration.ofMinutes(10))
                            .eachHandles(1)
                            .build())
                    .metric("orders.waiting", seen -> seen.second() < 300 ? Double.NaN : 3_000)
                    .trace(LoadTrace.of("made", MINUTE, new double[10]))
                    .capacity(1)
                    .startingWith(1)
                    .run();

            // 3000 in 595 s.
            assertThat(result.decisions()).as(metric).first().satisfies(decision -> {
                assertThat(decision.at()).isEqualTo("2026-01-05T00:05:00Z");
                assertThat(decision.raw()).hasValue(6);
            });
        }
    }

    @Test
    void decisionsOfTheProductCarryTheWholeWay() {
        TrialResult result = PolicyTrial.of(TargetTracking.cpu(0.5))
                .trace(LoadTrace.of("made", MINUTE, 10, 40, 40))
                .capacity(10)
                .run();

        assertThat(result.decisions()).isNotEmpty().allSatisfy(decision -> {
            assertThat(decision.policy()).isEqualTo("target-tracking");
            assertThat(decision.steps()).isNotEmpty();
        });
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException().isThrownBy(() -> fixed(1, 1).capacity(0));
        assertThatIllegalArgumentException().isThrownBy(() -> fixed(1, 1).interval(Duration.ofMillis(1_500)));
        assertThatIllegalArgumentException().isThrownBy(() -> fixed(1, 1).window(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> fixed(1, 1).leadTime(Duration.ofSeconds(-1)));
        assertThatThrownBy(() -> PolicyTrial.of(TargetTracking.cpu(0.5)).run())
                .hasMessageContaining("trace is required");
    }
}
