package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomDurationTest {

    private static List<Duration> sample(RandomDuration distribution) {
        Random random = new Random(1);
        return Stream.generate(() -> distribution.next(random))
                .limit(10_000)
                .sorted()
                .toList();
    }

    @Test
    void aConstantIsAlwaysTheSame() {
        assertThat(sample(RandomDuration.constant(Duration.ofSeconds(3)))).containsOnly(Duration.ofSeconds(3));
        assertThat(sample(RandomDuration.NONE)).containsOnly(Duration.ZERO);
    }

    @Test
    void aUniformOneFillsItsRange() {
        List<Duration> sorted = sample(RandomDuration.uniform(Duration.ofSeconds(10), Duration.ofSeconds(20)));
        assertThat(sorted.get(0)).isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_010));
        assertThat(sorted.get(5_000)).isBetween(Duration.ofMillis(14_800), Duration.ofMillis(15_200));
        assertThat(sorted.get(9_999)).isBetween(Duration.ofMillis(19_990), Duration.ofSeconds(20));
    }

    @Test
    void aLognormalOneHasItsMedianAndALongTail() {
        List<Duration> sorted = sample(RandomDuration.lognormal(Duration.ofSeconds(60), 0.3));
        assertThat(sorted.get(5_000)).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(61));
        assertThat(sorted.get(9_900)).isBetween(Duration.ofSeconds(110), Duration.ofSeconds(130));
        assertThat(sample(RandomDuration.lognormal(Duration.ofSeconds(60), 0))).containsOnly(Duration.ofSeconds(60));
    }

    @Test
    void refusesNonsense() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> RandomDuration.constant(second.negated())).hasMessageContaining("0 or more");
        assertThatThrownBy(() -> RandomDuration.uniform(second, Duration.ZERO)).hasMessageContaining("at least");
        assertThatThrownBy(() -> RandomDuration.lognormal(second, Double.NaN)).hasMessageContaining("sigma");
    }
}
