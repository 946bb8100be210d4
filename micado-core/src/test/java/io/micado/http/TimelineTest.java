package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.simulation.Scenario;
import io.micado.simulation.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of the past: much of the last half hour, the peaks of six hours, and no more. */
class TimelineTest {

    @Test
    void peaksStayWhenMinutesTakeThePlaceOfPasses() {
        Timeline timeline = new Timeline();
        try (Scenario scenario = Scenario.builder()
                .workers(1, 4, "medium")
                .service(
                        ServiceSpec.builder("web")
                                .image("web")
                                .limit(Resources.ofMebibytes(0.5, 64))
                                .replicas(1, 8)
                                .build(),
                        t -> t.toMinutes() == 10 ? 1.5 : 0.2,
                        1)
                .sampleEvery(Duration.ofSeconds(5))
                .onSample(at -> timeline.record(at.micado()))
                .build()) {
            scenario.run(Duration.ofMinutes(90));
            int points = at(timeline, Duration.ofHours(6)).size();
            // 360 of the last half hour, and a point for each minute before it.
            assertThat(points).isBetween(360 + 55, 360 + 62);
            assertThat(at(timeline, Duration.ofMinutes(15))).hasSizeBetween(178, 182);
            assertThat(at(timeline, Duration.ofHours(6))).isSorted();
            Map<?, ?> web = (Map<?, ?>)
                    timeline.json(Optional.of("web"), Duration.ofHours(6)).get("service");
            List<?> load = (List<?>) Objects.requireNonNull(web.get("load"));
            assertThat(load).hasSize(points);
            double highest = load.stream()
                    .filter(Objects::nonNull)
                    .mapToDouble(value -> ((Number) value).doubleValue())
                    .max()
                    .orElseThrow();
            assertThat(highest).isGreaterThan(95);
            List<?> unknown = (List<?>) ((Map<?, ?>) timeline.json(Optional.of("nothing"), Duration.ofHours(6))
                            .get("service"))
                    .get("desired");
            assertThat(unknown).hasSize(points).containsOnlyNulls();
        }
    }

    @Test
    void itIsBounded() {
        Timeline timeline = new Timeline();
        try (Scenario scenario = Scenario.builder()
                .workers(1, 1, "small")
                .service(ServiceSpec.builder("web").image("web").replicas(1, 1).build(), Workload.NONE, 1)
                .micado(micado -> micado.passInterval(Duration.ofSeconds(60)))
                .sampleEvery(Duration.ofMinutes(1))
                .onSample(at -> timeline.record(at.micado()))
                .build()) {
            scenario.run(Duration.ofHours(14));
            assertThat(at(timeline, Duration.ofDays(1)).size()).isLessThanOrEqualTo(720);
        }
    }

    private static List<Long> at(Timeline timeline, Duration back) {
        List<?> at = (List<?>)
                Objects.requireNonNull(timeline.json(Optional.empty(), back).get("at"));
        return at.stream().map(value -> ((Number) value).longValue()).toList();
    }
}
