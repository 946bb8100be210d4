package io.micado.examples.bench.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.TargetId;
import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.Autoscaler;
import io.micado.simulation.fluid.Observation;
import io.micado.simulation.fluid.TrialSetting;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps that were worked out by hand from the published algorithms. An instance serves one request a second. */
class BaselinesTest {

    /** All desired instances serve and are measured. */
    private static Observation at(int second, int count, double utilisation) {
        return new Observation(second, count, count, count, utilisation, count * utilisation);
    }

    private static Observation arriving(int second, int desired, int ready, double utilisation) {
        return new Observation(second, desired, ready, ready, utilisation, ready * utilisation);
    }

    private static TrialSetting setting(TargetId.Level level, double... rates) {
        LoadTrace trace = LoadTrace.of("made", Duration.ofMinutes(1), rates);
        return new TrialSetting(trace, level, 1, 120, 15, 15, 0, Bounds.of(1, 100), 1);
    }

    @Test
    void hpaIsProportionalOutsideItsTolerance() {
        Hpa hpa = new Hpa(70);

        assertThat(hpa.decide(at(0, 10, 0.77))).isEqualTo(10);
        // 0.789 is cut to 78 %: 78 / 70 of 10 is 11.14.
        assertThat(hpa.decide(at(15, 10, 0.789))).isEqualTo(12);
    }

    @Test
    void hpaCountsThoseThatStartAsIdle() {
        Hpa hpa = new Hpa(70);

        // 100 % of 10 over 14 is 71 %: within the tolerance of what was ordered already.
        assertThat(hpa.decide(arriving(0, 14, 10, 1))).isEqualTo(14);
        // Over 12 it is 83 %: 12 × 83 / 70 is 14.2.
        assertThat(hpa.decide(arriving(15, 12, 10, 1))).isEqualTo(15);
    }

    @Test
    void hpaNeverMoreThanDoublesOrAddsFourInFifteenSeconds() {
        assertThat(new Hpa(10).decide(at(0, 10, 1))).isEqualTo(20);
        assertThat(new Hpa(10).decide(at(0, 2, 1))).isEqualTo(6);
    }

    @Test
    void hpaGoesDownToTheHighestOfFiveMinutes() {
        Hpa hpa = new Hpa(70);
        assertThat(hpa.decide(at(0, 20, 0.7))).isEqualTo(20);
        assertThat(hpa.decide(at(15, 20, 0.35))).isEqualTo(20);
        for (int second = 30; second < 300; second += 15) {
            assertThat(hpa.decide(at(second, 20, 0.28))).isEqualTo(20);
        }
        assertThat(hpa.decide(at(300, 20, 0.28))).isEqualTo(10);
        assertThat(hpa.decide(at(315, 10, 0.56))).isEqualTo(8);
    }

    @Test
    void hpaKeepsWhatItFindsForFiveMinutes() {
        Hpa hpa = new Hpa(70);
        for (int second = 0; second < 300; second += 15) {
            assertThat(hpa.decide(at(second, 20, 0.35))).isEqualTo(20);
        }
        assertThat(hpa.decide(at(300, 20, 0.35))).isEqualTo(10);
        Keda keda = new Keda(1);
        assertThat(keda.decide(at(0, 20, 0.35))).isEqualTo(20);
        assertThat(keda.decide(at(300, 20, 0.35))).isEqualTo(10);
    }

    @Test
    void micadoAddsAWorkerAfterAMinuteAndAnotherEveryFive() {
        Micado03 micado = new Micado03(setting(TargetId.Level.POOL, 1));
        int count = 3;
        StringBuilder actions = new StringBuilder();
        for (int second = 0; second <= 480; second += 15) {
            int next = micado.decide(at(second, count, 0.8));
            if (next != count) {
                actions.append(second).append(':').append(next).append(' ');
            }
            count = next;
        }

        // True at 0, firing at 60, notified ten seconds later: on the grid at 75, and again 300 s after that.
        assertThat(actions.toString().trim()).isEqualTo("75:4 375:5");
    }

    @Test
    void micadoTakesAContainerBelowTenPercentAndKeepsTheLast() {
        Micado03 micado = new Micado03(setting(TargetId.Level.SERVICE, 1));
        int count = 3;
        for (int second = 0; second <= 600; second += 15) {
            count = micado.decide(at(second, count, 0.05));
        }

        assertThat(count).isEqualTo(1);
    }

    @Test
    void theOracleHasWhatIsNeededUntilAnIntervalAfterTheLeadTime() {
        TrialSetting setting = setting(TargetId.Level.POOL, 1, 1, 7, 2, 2, 2, 2);

        assertThat(new Oracle(setting, 0).decide(at(0, 1, 1))).isEqualTo(7);
        assertThat(new Oracle(setting, 0).decide(at(165, 7, 1))).isEqualTo(7);
        assertThat(new Oracle(setting, 0).decide(at(180, 7, 1))).isEqualTo(2);
        assertThat(new Oracle(setting, 0.25).decide(at(180, 7, 1))).isEqualTo(3);
    }

    @Test
    void kedaSeesMoreThanInstancesCanServe() {
        Observation overloaded = new Observation(0, 10, 10, 10, 1, 12.6);

        assertThat(new Keda(1).decide(overloaded)).isEqualTo(18);
        assertThat(new Keda(1).decide(new Observation(0, 10, 10, 10, 0.75, 7.5)))
                .isEqualTo(10);
    }

    @Test
    void knativePanicsAtTwiceItsCapacityAndThenTakesNothingAway() {
        Knative knative = new Knative(1);

        assertThat(knative.decide(new Observation(0, 10, 10, 10, 0.7, 7))).isEqualTo(10);
        assertThat(knative.decide(new Observation(15, 10, 10, 10, 1, 21))).isEqualTo(30);
        assertThat(knative.decide(new Observation(30, 30, 30, 30, 0.1, 3))).isEqualTo(30);
        assertThat(knative.decide(new Observation(135, 30, 30, 30, 0.01, 0.3))).isEqualTo(15);
    }

    @Test
    void awsGoesOutAfterThreePointsAndInAfterFifteen() {
        AwsTargetTracking aws = new AwsTargetTracking();
        int count = 10;
        StringBuilder actions = new StringBuilder();
        for (int second = 0; second <= 2_000; second += 15) {
            int next = aws.decide(at(second, count, second < 600 ? 0.91 : 0.35));
            if (next != count) {
                actions.append(second).append(':').append(next).append(' ');
            }
            count = next;
        }

        // Points at 0, 60 and 120 are above; the warm-up ends at 420. The point at 600 is still above in part; the
        // fifteenth
        // below is that of 1500.
        assertThat(actions.toString().trim()).isEqualTo("120:13 420:17 1500:9");
    }

    @Test
    void gceKeepsTheLargestSizeOfTenMinutes() {
        Gce gce = new Gce();

        assertThat(gce.decide(at(0, 10, 0.9))).isEqualTo(15);
        assertThat(gce.decide(at(585, 15, 0.2))).isEqualTo(15);
        assertThat(gce.decide(at(600, 15, 0.2))).isEqualTo(5);
    }

    @Test
    void nomadWaitsForItsCooldownAndForAllToBeReady() {
        NomadTargetValue nomad = new NomadTargetValue();

        assertThat(nomad.decide(at(0, 10, 0.705))).isEqualTo(10);
        assertThat(nomad.decide(at(15, 10, 0.84))).isEqualTo(12);
        assertThat(nomad.decide(at(30, 12, 0.84))).isEqualTo(12);
        assertThat(nomad.decide(arriving(315, 12, 11, 0.84))).isEqualTo(12);
        assertThat(nomad.decide(at(315, 12, 0.84))).isEqualTo(15);
    }

    @Test
    void theClusterAutoscalerKeepsEmptyWorkersForTenMinutes() {
        HpaWithClusterAutoscaler both = new HpaWithClusterAutoscaler();
        assertThat(both.decide(at(0, 10, 0.84))).isEqualTo(12);
        int count = 12;
        for (int second = 15; second < 885; second += 15) {
            count = both.decide(at(second, count, 4.2 / both.serving(count)));
            assertThat(count).isEqualTo(12);
            // The pods go after five minutes; what runs on no worker serves nobody.
            assertThat(both.serving(count)).isEqualTo(second < 300 ? 12 : 6);
        }
        for (int second = 885; second < 1_000; second += 15) {
            count = both.decide(at(second, count, 0.7));
        }
        assertThat(count).isEqualTo(6);
    }

    @Test
    void theClusterAutoscalersEmptyWorkersServeAtOnceWhenPodsCome() {
        HpaWithClusterAutoscaler both = new HpaWithClusterAutoscaler();
        assertThat(both.serving(10)).isEqualTo(10);
        int count = 10;
        for (int second = 0; second < 600; second += 15) {
            count = both.decide(at(second, count, 3.5 / both.serving(count)));
        }
        assertThat(count).isEqualTo(10);
        assertThat(both.serving(10)).isEqualTo(5);

        assertThat(both.decide(at(600, 10, 1))).isEqualTo(10);
        assertThat(both.serving(10)).isEqualTo(8);
    }

    @Test
    void reactAddsAFifthMoreThanWhatLacks() {
        React react = new React();

        assertThat(react.next(10, 14.5)).isEqualTo(16);
        assertThat(react.next(10, 9.5)).isEqualTo(10);
        assertThat(react.next(10, 5)).isEqualTo(6);
        // With 9.05 a tenth more is still below 10: a fifth more than 10 is published, and that is more than there are.
        assertThat(react.next(10, 9.05)).isEqualTo(12);
    }

    @Test
    void regGoesDownAlongAParabola() {
        Reg reg = new Reg();
        int count = 50;
        for (int step = 0; step < 10; step++) {
            count = reg.next(50, 40 - 2 * step);
        }

        // The next point of the line is 20; a fifth more is kept.
        assertThat(count).isEqualTo(24);
        assertThat(reg.next(10, 12)).isEqualTo(13);
    }

    @Test
    void histTakesAHighPercentileOfTheHourAndRepairsShortages() {
        Hist hist = new Hist();
        assertThat(hist.next(10, 8)).isEqualTo(10);
        assertThat(hist.next(8, 8)).isEqualTo(8);
        int count = 8;
        for (int step = 0; step < 6; step++) {
            count = hist.next(8, 20);
        }
        assertThat(count).isEqualTo(21);
    }

    @Test
    void adaptGoesOutAtOnceWithATenthToSpare() {
        assertThat(new Adapt().next(10, 20)).isEqualTo(22);
    }

    @Test
    void conPaasFollowsALineWhenThatForecastsBest() {
        ConPaas conPaas = new ConPaas();
        int count = 0;
        for (int step = 0; step < 40; step++) {
            count = conPaas.next(1, 10 + step);
        }

        assertThat(count).isEqualTo(50);
        assertThat(new ConPaas().next(1, 4.2)).isEqualTo(5);
    }

    @Test
    void theLiteratureDecidesOnceAMinute() {
        Autoscaler stepped = new Stepped((capacity, load) -> (int) Math.round(load), 2);

        assertThat(stepped.decide(new Observation(0, 3, 3, 3, Double.NaN, Double.NaN)))
                .isEqualTo(3);
        assertThat(stepped.decide(new Observation(15, 3, 3, 3, 1, 10))).isEqualTo(3);
        assertThat(stepped.decide(new Observation(60, 3, 3, 3, 1, 30))).isEqualTo(10);
    }

    @Test
    void whatHappensByTheMinuteDoesSoWheneverDecisionsAreMade() {
        for (int interval : new int[] {7, 60, 90}) {
            Cadence minutes = new Cadence(60);
            assertThat(IntStream.iterate(0, second -> second < 3_600, second -> second + interval)
                            .filter(minutes::isDue)
                            .count())
                    .as("every %d s", interval)
                    .isEqualTo(Math.min(60, 3_600 / interval));
        }
        Autoscaler stepped = new Stepped((capacity, load) -> (int) Math.round(load), 1);
        for (int second = 0; second <= 56; second += 7) {
            stepped.decide(new Observation(second, 3, 3, 3, 1, 5));
        }
        assertThat(stepped.decide(new Observation(63, 3, 3, 3, 1, 8))).isEqualTo(5);
        assertThat(stepped.decide(new Observation(70, 5, 5, 5, 1, 80))).isEqualTo(5);
    }

    @Test
    void allAreKnownByName() {
        assertThat(Baselines.all(TargetId.Level.POOL).keySet())
                .startsWith("oracle")
                .contains("hpa-70", "hpa-60", "micado-0.3", "hpa-70+ca", "keda-70", "knative-70", "aws-tt-70", "gce-60")
                .contains("nomad-tv-70", "react", "adapt", "hist", "reg", "conpaas");
        assertThat(Baselines.all(TargetId.Level.SERVICE)).doesNotContainKey("hpa-70+ca");
    }
}
