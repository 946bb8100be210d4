package io.micado.simulation.fluid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.scaling.Behavior;
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
import io.micado.simulation.ScenarioResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fluid model and the whole loop decide the same on the same load. */
class FluidAndWholeLoopScenarioTest {
    private static final Duration PASS = Duration.ofSeconds(5);
    /** Decisions within so many seconds are those of one change of the load. */
    private static final long SAME = 20;

    /** Ten minutes each, so that every change has settled before the next. */
    private static final LoadTrace LOAD =
            LoadTrace.of("steps", Duration.ofMinutes(10), 20, 60, 75, 40, 40, 95, 30, 30, 30);

    /** Without a dead band, so that a measurement across a step leaves no trace. */
    private static final Behavior EXACT = Behavior.REPLICAS.withTolerance(0);

    @Test
    void aPlainTrackerSettlesAtTheSameCounts() {
        PolicySpec policy = TargetTracking.of("service:requests").perReplica(7);

        assertThat(wholeLoop(policy)).isEqualTo(fluid(policy)).containsExactly(3, 9, 11, 6, 6, 14, 5, 5, 5);
    }

    @Test
    void thePredictivePolicySettlesAtTheSameCountsButForItsRoom() {
        PolicySpec policy =
                Predictive.builder().perInstance("service:requests", 10).build();
        List<Integer> fluid = fluid(policy);
        List<Integer> wholeLoop = wholeLoop(policy);

        for (int i = 0; i < fluid.size(); i++) {
            assertThat(wholeLoop.get(i)).as("step %d", i).isCloseTo(fluid.get(i), within(1));
        }
    }

    /**
     * All decisions of a day. What remains of a difference is when the whole loop looks: not exactly every 5 s, so that it sees
     * some changes of the load in two halves, and makes of one decision two that are some seconds apart.
     */
    @Test
    void aPlainTrackerMakesTheSameDecisionsAllDay() {
        Random random = new Random(4);
        double[] rates = random.doubles(144, 15, 200).toArray();
        LoadTrace day = LoadTrace.of("day", Duration.ofMinutes(10), rates);
        PolicySpec policy = TargetTracking.of("service:requests").perReplica(7);
        List<Change> fluid = changes(trial(policy, day).run().decisions());
        List<Change> wholeLoop;
        try (Scenario scenario = scenario(policy, day)) {
            wholeLoop = changes(scenario.run(Duration.ofDays(1)).result().decisions().stream()
                    .filter(d -> d.target().level() == TargetId.Level.SERVICE && d.changesSomething())
                    .toList());
        }

        assertThat(fluid).hasSizeGreaterThan(100);
        assertThat(wholeLoop)
                .extracting(Change::from)
                .isEqualTo(fluid.stream().map(Change::from).toList());
        assertThat(wholeLoop)
                .extracting(Change::to)
                .isEqualTo(fluid.stream().map(Change::to).toList());
        for (int i = 0; i < fluid.size(); i++) {
            assertThat(wholeLoop.get(i).second()).isCloseTo(fluid.get(i).second(), within(SAME));
        }
    }

    /** Decisions in quick succession, as one. Immutable. */
    private record Change(long second, int from, int to) {}

    private static List<Change> changes(List<Decision> decisions) {
        List<Change> changes = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (Decision decision : decisions) {
            long second = decision.at().getEpochSecond() % 86_400;
            boolean goesOn = !changes.isEmpty() && second - last <= SAME;
            last = second;
            Change one = new Change(second, decision.from(), decision.to());
            if (goesOn) {
                Change begun = changes.remove(changes.size() - 1);
                one = new Change(begun.second(), begun.from(), decision.to());
            }
            changes.add(one);
        }
        return changes;
    }

    private static List<Integer> fluid(PolicySpec policy) {
        return trial(policy, LOAD).run().samples().stream()
                .filter(sample -> sample.second() % 600 == 595)
                .map(TrialResult.Sample::desired)
                .toList();
    }

    private static PolicyTrial trial(PolicySpec policy, LoadTrace load) {
        return PolicyTrial.of(policy)
                .trace(load)
                .replicas()
                .behavior(EXACT)
                .interval(PASS)
                .window(PASS)
                .capacity(10)
                .startingWith(3)
                .between(1, 40);
    }

    private static Scenario scenario(PolicySpec policy, LoadTrace load) {
        ServiceSpec web = ServiceSpec.builder("web")
                .image("web")
                .limit(Resources.ofCores(0.1))
                .initialReplicas(3)
                .replicas(1, 40)
                .behavior(EXACT)
                .policy(policy)
                .build();
        return Scenario.builder()
                .workers(2, 2, "large")
                .cloud(cloud -> cloud.bootTime(RandomDuration.NONE).joinTime(RandomDuration.NONE))
                .service(web, load, 0.01)
                .build();
    }

    private static List<Integer> wholeLoop(PolicySpec policy) {
        try (Scenario scenario = scenario(policy, LOAD)) {
            List<Integer> settled = new ArrayList<>();
            for (int i = 0; i < LOAD.size(); i++) {
                ScenarioResult result =
                        scenario.run(Duration.ofSeconds(i == 0 ? 595 : 600)).result();
                settled.add(Objects.requireNonNull(result.timeline()
                                .get(result.timeline().size() - 1)
                                .services()
                                .get("web"))
                        .desired());
            }
            return settled;
        }
    }
}
