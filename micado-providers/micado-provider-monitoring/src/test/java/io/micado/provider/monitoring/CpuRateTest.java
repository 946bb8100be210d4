package io.micado.provider.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.Sample;
import io.micado.provider.monitoring.CpuRate.Counters;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rates from counters. */
class CpuRateTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final CpuRate rate = new CpuRate();

    private Optional<Sample> page(double seconds, Map<String, Double> cores) {
        Duration at = Duration.ofMillis(Math.round(seconds * 1000));
        return rate.next(new Counters(cores, at), START.plus(at));
    }

    @Test
    void sumsOverCores() {
        assertThat(page(0, Map.of("cpu00", 10.0, "cpu01", 20.0))).isEmpty();
        assertThat(page(10, Map.of("cpu00", 15.0, "cpu01", 30.0)))
                .contains(new Sample(1.5, START.plusSeconds(10), Duration.ofSeconds(10)));
    }

    @Test
    void aResetIsUnknownOnceAndNeverNegative() {
        page(0, Map.of("cpu00", 100.0));
        assertThat(page(10, Map.of("cpu00", 1.0))).isEmpty();
        assertThat(page(20, Map.of("cpu00", 6.0))).map(Sample::value).contains(0.5);
    }

    @Test
    void aPageThatRepeatsItselfRepeatsItsRateWithItsAge() {
        page(0, Map.of("total", 0.0));
        Optional<Sample> first = page(10, Map.of("total", 5.0));
        assertThat(page(10, Map.of("total", 5.0))).isEqualTo(first).isPresent();
        assertThat(page(20, Map.of("total", 15.0))).map(Sample::value).contains(1.0);
    }

    @Test
    void aCoreThatAppearsCountsFromItsFirstSight() {
        page(0, Map.of("cpu00", 0.0));
        assertThat(page(10, Map.of("cpu00", 5.0, "cpu01", 9000.0)))
                .map(Sample::value)
                .contains(0.5);
    }

    @Test
    void pagesTooFarApartOrInTheWrongOrderTellNothing() {
        page(0, Map.of("cpu00", 0.0));
        assertThat(page(301, Map.of("cpu00", 5.0))).isEmpty();
        assertThat(page(200, Map.of("cpu00", 6.0))).isEmpty();
        assertThat(page(210, Map.of("cpu00", 8.0))).map(Sample::value).contains(0.2);
    }
}
