package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.error.ConfigurationException;
import io.micado.testing.Seeds;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
    private static Duration s(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static Workload csv(String text) {
        try {
            return Workload.csv("load.csv", new StringReader(text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void stepsChangeAtTheirTime() {
        Workload step = Workload.step(2, s(10), 6);
        assertThat(step.at(s(9.999))).isEqualTo(2);
        assertThat(step.at(s(10))).isEqualTo(6);
        assertThat(step.average(s(5), s(15))).isEqualTo(4);
        assertThat(Workload.step(1, Duration.ZERO, 7).at(s(0))).isEqualTo(7);
    }

    @Test
    void rampsClimbEvenly() {
        Workload ramp = Workload.ramp(0, s(10), s(20), 100);
        assertThat(ramp.at(s(5))).isZero();
        assertThat(ramp.at(s(15))).isEqualTo(50);
        assertThat(ramp.at(s(99))).isEqualTo(100);
        assertThat(ramp.average(s(10), s(20))).isCloseTo(50, within(1e-9));
    }

    @Test
    void sinesSwingAroundTheirMeanAndNeverBelowZero() {
        Workload sine = Workload.sine(10, 20, s(100));
        assertThat(sine.at(s(0))).isEqualTo(10);
        assertThat(sine.at(s(25))).isCloseTo(30, within(1e-9));
        assertThat(sine.at(s(75))).isZero();
    }

    @Test
    void squaresAlternate() {
        Workload square = Workload.square(1, 5, s(10), 0.25);
        assertThat(square.at(s(0))).isEqualTo(5);
        assertThat(square.at(s(2.6))).isEqualTo(1);
        assertThat(square.at(s(10))).isEqualTo(5);
        assertThat(square.average(s(0), s(100))).isCloseTo(2, within(1e-9));
        assertThat(square.average(s(1), s(2))).isEqualTo(5);
        assertThat(square.average(s(9), s(11))).isCloseTo(3, within(1e-9));
    }

    @Test
    void loadsAreAddedScaledAndShifted() {
        Workload load = Workload.constant(3)
                .plus(Workload.step(0, s(10), 4))
                .scaledBy(2)
                .shiftedBy(s(5));
        assertThat(load.at(s(0))).isEqualTo(6);
        assertThat(load.at(s(14.9))).isEqualTo(6);
        assertThat(load.at(s(15))).isEqualTo(14);
        assertThat(load.average(s(0), s(30))).isCloseTo(10, within(1e-9));
        assertThat(load.average(s(0), s(4))).isCloseTo(6, within(1e-9));
        assertThat(load.average(s(10), s(20))).isCloseTo(10, within(1e-9));
    }

    @Test
    void averagesOfPartsAddUp() {
        Seeds.check(200, random -> {
            int from = random.nextInt(501);
            int first = random.nextInt(501);
            int second = random.nextInt(501);
            Workload load = Workload.square(2, 9, s(7), Seeds.between(random, 0.1, 0.9))
                    .plus(Workload.step(1, s(100), 3).shiftedBy(s(13)))
                    .plus(Workload.constant(4).withPoissonNoise(from));
            Duration a = s(from);
            Duration b = s(from + first);
            Duration c = s(from + first + second);

            assertThat(load.average(a, c) * (first + second))
                    .isCloseTo(load.average(a, b) * first + load.average(b, c) * second, within(1e-6));
        });
    }

    @Test
    void poissonNoiseIsTheSameForTheSameSeedAndRightOnAverage() {
        Workload small = Workload.constant(5).withPoissonNoise(1);
        assertThat(small.average(s(0), s(20_000))).isCloseTo(5, within(0.1));
        assertThat(small.at(s(7)))
                .isEqualTo(Workload.constant(5).withPoissonNoise(1).at(s(7.5)));
        assertThat(variance(small)).isCloseTo(5, within(0.5));
        Workload large = Workload.constant(200).withPoissonNoise(2);
        assertThat(large.average(s(0), s(20_000))).isCloseTo(200, within(1.0));
        assertThat(variance(large)).isCloseTo(200, within(20.0));
    }

    private static double variance(Workload load) {
        double mean = load.average(s(0), s(10_000));
        double sum = 0;
        for (int i = 0; i < 10_000; i++) {
            sum += Math.pow(load.at(s(i)) - mean, 2);
        }
        return sum / 10_000;
    }

    @Test
    void recordedLoadsAreReadFromAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("load.csv"),
                "epoch_second,requests_per_second\n1700000000,10\n1700000060,30.5\n1700000120, 0\n\n");
        Workload load = Workload.csv(file);
        assertThat(load.at(s(0))).isEqualTo(10);
        assertThat(load.at(s(61))).isEqualTo(30.5);
        assertThat(load.at(s(1_000))).isZero();
        assertThat(load.repeating(s(120)).at(s(180))).isEqualTo(30.5);
    }

    @Test
    void aHeaderIsNotNeeded() {
        assertThat(csv("0,1\n10,2").at(s(10))).isEqualTo(2);
    }

    @Test
    void whatWouldDistortARecordedLoadIsRefusedWithItsLine() {
        assertProblem("0,1\n10,2\n30,3", "load.csv:3:1", "a gap");
        assertProblem("0,1\n10,2\n10,3", "load.csv:3:1", "later than 10");
        assertProblem("0,1\n10,2\n5,3", "load.csv:3:1", "later than 10");
        assertProblem("0,1\n10,2\n15,3", "load.csv:3:1", "must be 20");
        assertProblem("0,NaN", "load.csv:1:1", "0 or more");
        assertProblem("0,1\n1,-2", "load.csv:2:1", "0 or more");
        assertProblem("0,Infinity", "load.csv:1:1", "0 or more");
        assertProblem("0,x", "load.csv:1:1", "must be a number");
        assertProblem("0.5,1", "load.csv:1:1", "whole number");
        assertProblem("0;1", "load.csv:1:1", "must be epoch_second,requests_per_second");
        assertProblem("time,rate\n0,1", "load.csv:1:1", "whole number");
        assertProblem("", "load.csv:1:1", "at least two lines");
        assertProblem("epoch_second,requests_per_second\n", "load.csv:1:1", "at least two lines");
    }

    private static void assertProblem(String text, String where, String what) {
        assertThatThrownBy(() -> csv(text))
                .as(text)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(where)
                .hasMessageContaining(what);
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> Workload.constant(-1)).hasMessageContaining("0 or more");
        assertThatThrownBy(() -> Workload.constant(Double.NaN)).hasMessageContaining("0 or more");
        assertThatThrownBy(() -> Workload.ramp(0, s(5), s(5), 1)).hasMessageContaining("end must be after");
        assertThatThrownBy(() -> Workload.sine(1, 1, Duration.ZERO)).hasMessageContaining("positive");
        assertThatThrownBy(() -> Workload.square(0, 1, s(5), 1)).hasMessageContaining("highShare");
    }
}
