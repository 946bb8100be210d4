package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThresholdTest {

    @Test
    void actsAfterTheLoadWasAboveForLongEnoughAndThenOnceEachRepeat() {
        ThresholdRun run = ThresholdRun.of(Threshold.of(90, 10)).every(5);

        // At second 120 the mean of 30 s is (50 + 5 * 100) / 6 = 91.7 %; 30 s later it acts.
        List<String> actions = run.until(300, second -> second < 100 ? 50 : 100);

        assertThat(actions).containsExactly("150: 1 -> 2", "210: 2 -> 3", "270: 3 -> 4");
    }

    @Test
    void scalesInStepByStepButNeverTheLastOne() {
        ThresholdRun run = ThresholdRun.of(Threshold.of(90, 10)).every(5).startingWith(3);

        assertThat(run.until(400, second -> 5)).containsExactly("30: 3 -> 2", "90: 2 -> 1");
        assertThat(run.lastReason()).contains("the last one stays");
    }

    @Test
    void doesNothingBetweenTheThresholds() {
        ThresholdRun run = ThresholdRun.of(Threshold.of(90, 10)).every(5).startingWith(3);

        assertThat(run.until(600, second -> second % 20 < 10 ? 15 : 85)).isEmpty();
        assertThat(run.lastReason()).contains("between 10 % and 90 %");
    }

    @Test
    void forgetsTheWaitWhenTheLoadFallsInBetween() {
        ThresholdRun run = ThresholdRun.of(
                        Threshold.builder().window(Duration.ZERO).build())
                .every(5);

        assertThat(run.until(300, second -> second % 30 == 25 ? 50 : 100)).isEmpty();
    }

    @Test
    void averagesOverTheWindow() {
        ThresholdRun run = ThresholdRun.of(Threshold.of(90, 10)).every(5);

        // Five seconds of every ten are at 115 %, so the mean is 95 %.
        assertThat(run.until(60, second -> second % 10 < 5 ? 115 : 75)).isNotEmpty();
    }

    @Test
    void keepsTheRepeatAfterTheLoadFellInBetween() {
        PolicySpec quick =
                Threshold.builder().forOut(Duration.ZERO).window(Duration.ZERO).build();
        ThresholdRun run = ThresholdRun.of(quick).every(5);

        assertThat(run.until(100, second -> second % 10 == 0 ? 100 : 50)).containsExactly("0: 1 -> 2", "60: 2 -> 3");
    }

    @Test
    void asksUntilItIsGiven() {
        ThresholdRun run =
                ThresholdRun.of(Threshold.of(90, 10)).every(5).startingWith(4).givingAfter(200);

        // The engine gives what it has been asked for during 200 s without a break, as a stabilization window does.
        assertThat(run.until(300, second -> 1)).containsExactly("230: 4 -> 3");
    }

    @Test
    void forgetsWhatItAskedForWhenTheLoadChanges() {
        ThresholdRun run =
                ThresholdRun.of(Threshold.of(90, 10)).every(5).startingWith(4).givingAfter(200);

        assertThat(run.until(600, second -> second % 180 < 150 ? 1 : 50)).isEmpty();
    }

    @Test
    void takesTheStepThatWasSet() {
        ThresholdRun run = ThresholdRun.of(Threshold.builder()
                        .step(3)
                        .repeat(Duration.ofSeconds(20))
                        .build())
                .every(5)
                .startingWith(4);

        assertThat(run.until(60, second -> 100)).containsExactly("30: 4 -> 7", "50: 7 -> 10");
        assertThat(run.startingWith(3).until(150, second -> 0)).contains("120: 3 -> 1");
    }

    @Test
    void skipsAStepInAfterWhichItWouldStepOutAgain() {
        PolicySpec close = Threshold.of(60, 40);
        ThresholdRun run = ThresholdRun.of(close).every(5).startingWith(2);

        assertThat(run.until(300, second -> 35)).isEmpty();
        assertThat(run.lastReason()).contains("the others would then be at 70 %");

        PolicySpec careless =
                Threshold.builder().scaleOut(60).scaleIn(40).antiFlap(false).build();
        assertThat(ThresholdRun.of(careless).every(5).startingWith(2).until(60, second -> 35))
                .containsExactly("30: 2 -> 1");
    }

    @Test
    void takesTheDefaultsOfPoolsForAPool() {
        ThresholdRun run =
                ThresholdRun.of(Threshold.builder().build()).ofPool().every(5).startingWith(2);

        assertThat(run.until(800, second -> 65)).containsExactly("60: 2 -> 3", "360: 3 -> 4", "660: 4 -> 5");
        ThresholdRun idle =
                ThresholdRun.of(Threshold.builder().build()).ofPool().every(5).startingWith(3);
        assertThat(idle.until(500, second -> 10)).containsExactly("120: 3 -> 2", "420: 2 -> 1");
    }

    @Test
    void saysUnknownAndWaitsAnewWhenNothingWasMeasured() {
        Recommendation.Unknown unknown = (Recommendation.Unknown) Policies.scaler(Threshold.of(90, 10))
                .recommend(PolicyContexts.service("web").unmeasured(2).build());
        assertThat(unknown.reason()).isEqualTo("cpu: no fresh sample of any of the 2 replicas");

        ThresholdRun run = ThresholdRun.of(Threshold.of(90, 10)).every(5);
        assertThat(run.until(60, second -> second == 25 ? Double.NaN : 100)).containsExactly("60: 1 -> 2");
    }

    @Test
    void takesWhoeverIsMissingAsFullyLoadedOnTheWayIn() {
        PolicySpec policy =
                Threshold.builder().forIn(Duration.ZERO).forOut(Duration.ZERO).build();
        ScalingContext oneMissing = PolicyContexts.service("web")
                .reservation(1, 0)
                .replicas(0.01, 0.01)
                .unmeasured(1)
                .build();
        ScalingContext allKnown = PolicyContexts.service("web")
                .reservation(1, 0)
                .replicas(0.01, 0.01, 0.01)
                .build();
        ScalingContext busyAndMissing = PolicyContexts.service("web")
                .reservation(1, 0)
                .replicas(1.0)
                .unmeasured(2)
                .build();

        assertThat(count(policy, oneMissing)).isEqualTo(3);
        assertThat(count(policy, allKnown)).isEqualTo(2);
        assertThat(count(policy, busyAndMissing)).as("left out on the way out").isEqualTo(4);
    }

    @Test
    void countsTheOriginalsLoadAsTheMeanOverTasksAndCores() {
        PolicySpec original = Threshold.builder().micado03().build();
        ScalingContext oneBusyCoreOfTwo = PolicyContexts.service("web")
                .worker("a", 2, 1)
                .on("a")
                .limit(1, 0)
                .replicas(1.0)
                .build();
        ScalingContext twoBusyTasks = PolicyContexts.service("web")
                .worker("a", 2, 2)
                .on("a")
                .limit(1, 0)
                .replicas(1.0, 0.5)
                .build();

        assertThat(answer(original, oneBusyCoreOfTwo).inputs()).containsEntry("cpu.load.percent", 50.0);
        assertThat(answer(original, twoBusyTasks).inputs()).containsEntry("cpu.load.percent", 37.5);
        assertThat(answer(Threshold.of(90, 10), oneBusyCoreOfTwo).inputs()).containsEntry("cpu.load.percent", 100.0);
    }

    @Test
    void addsReplicasOnlyWhileAWorkerHasMoreIdleCpuThanOneMayUse() {
        PolicySpec policy =
                Threshold.builder().idleWorker(true).forOut(Duration.ZERO).build();
        PolicyContexts noRoom = PolicyContexts.service("web")
                .limit(0.5, 0)
                .worker("a", 1, 0.5)
                .worker("b", 1)
                .on("a")
                .replicas(0.5);
        assertThat(count(policy, noRoom.build())).isEqualTo(1);
        assertThat(answer(policy, noRoom.build()).reason())
                .contains("no worker has more idle CPU than one replica may use");

        PolicyContexts room = noRoom.sample(MetricKey.node(Metric.CPU, new NodeId("b")), 0.49);
        assertThat(count(policy, room.build())).isEqualTo(2);
    }

    @Test
    void startsAnewFromAMemoryThatItDoesNotKnow() {
        PolicySpec policy = Threshold.of(90, 10);
        for (PolicyState strange : List.of(
                new PolicyState.Encoded(99, "whatever"),
                new PolicyState.Encoded(1, "combined|0:0:"),
                new PolicyState.Encoded(1, "threshold|x|-||||-:-:-|-"),
                new PolicyState.Encoded(1, "threshold|1000|-|||-|-:-:-|-"),
                new PolicyState.Encoded(1, ""),
                ThresholdState.startingAt(PolicyContexts.NOW.plusSeconds(3600)))) {
            ScalingContext context = PolicyContexts.service("web")
                    .reservation(1, 0)
                    .replicas(1.0)
                    .state(strange)
                    .build();

            assertThat(answer(policy, context)).as(strange.toString()).isEqualTo(answer(policy, fresh(context)));
        }
    }

    @Test
    void goesOnAfterAShortGapAndWaitsAnewAfterALongOne() {
        Instant start = PolicyContexts.NOW;
        ThresholdState waiting = (ThresholdState) answer(
                        Threshold.of(90, 10),
                        PolicyContexts.service("web")
                                .at(start)
                                .reservation(1, 0)
                                .replicas(1.0)
                                .build())
                .state();
        PolicyState saved = new PolicyState.Encoded(waiting.version(), waiting.encode());

        assertThat(ThresholdState.of(saved, start.plusSeconds(15), Duration.ofSeconds(15))
                        .above())
                .isEqualTo(waiting.above());
        assertThat(ThresholdState.of(saved, start.plusSeconds(16), Duration.ofSeconds(15))
                        .above())
                .isEqualTo(Alert.NONE);
        assertThat(ThresholdState.of(waiting, start.plusSeconds(16), Duration.ofSeconds(15))
                        .above())
                .as("without a restart too")
                .isEqualTo(Alert.NONE);
    }

    @Test
    void tellsHowLongItStillWaits() {
        ThresholdRun run = ThresholdRun.of(Threshold.of(90, 10)).every(5);

        run.until(10, second -> 100);
        assertThat(run.lastReason())
                .isEqualTo("cpu load 100 % of the reservation, above 90 % for 10 s, acts after 30 s");
        run.until(30, second -> 100);
        assertThat(run.lastReason())
                .isEqualTo("cpu load 100 % of the reservation, above 90 % for 30 s: 2 instead of 1");
        run.until(40, second -> 100);
        assertThat(run.lastReason())
                .isEqualTo(
                        "cpu load 100 % of the reservation, above 90 % for 40 s: a step was due 10 s ago, the next one after 60 s");
    }

    @Test
    void weighsEachMeasurementByTheTimeItStandsFor() {
        Instant start = PolicyContexts.NOW;
        Duration window = Duration.ofSeconds(30);
        Duration interval = Duration.ofSeconds(5);
        MovingAverage average = MovingAverage.EMPTY.plus(100, start, window, interval);
        // Many passes in one second see the same low value again and again.
        for (int i = 1; i <= 10; i++) {
            average = average.plus(0, start.plusMillis(100L * i), window, interval);
        }

        assertThat(average.mean()).isCloseTo(100 * 5.0 / 6, within(1e-9));
    }

    @Test
    void remembersLittleHoweverOftenItIsAsked() {
        Instant start = PolicyContexts.NOW;
        MovingAverage average = MovingAverage.EMPTY;
        for (int i = 0; i < 30_000; i++) {
            average = average.plus(i % 7, start.plusMillis(10L * i), Duration.ofMinutes(5), Duration.ofSeconds(5));
        }

        assertThat(average.entries()).hasSizeLessThan(70);
        assertThat(average.mean()).isCloseTo(3, within(0.1));
    }

    private static ScalingContext fresh(ScalingContext context) {
        return context.withState(PolicyState.NONE);
    }

    private static int count(PolicySpec policy, ScalingContext context) {
        return answer(policy, context).count();
    }

    private static Recommendation.Capacity answer(PolicySpec policy, ScalingContext context) {
        return (Recommendation.Capacity) Policies.scaler(policy).recommend(context);
    }
}
