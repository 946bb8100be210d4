package io.micado.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.metric.Metric;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.Sample;
import io.micado.api.service.TaskState;
import io.micado.api.worker.NodeId;
import io.micado.internal.plan.MeasuredUse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one replica used lately. */
class UsageWindowTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final TaskState TASK =
            TaskState.placed("task", "web", TaskState.Phase.RUNNING, new NodeId("node"), START, "container");

    private final UsageWindow window = new UsageWindow();

    private void measure(int second, String metric, double value) {
        Instant now = START.plusSeconds(second);
        MetricReadings readings =
                new MetricReadings(Map.of(MetricKey.task(metric, TASK.id()), Sample.of(value, now)), List.of());
        window.add(now, readings, Map.of("web", List.of(TASK)));
    }

    @Test
    void whatIsNotMeasuredIsUnknownAndNotZero() {
        measure(0, Metric.CPU, 0.5);

        assertThat(window.p95())
                .containsExactly(Map.entry("web", new MeasuredUse(OptionalDouble.of(0.5), OptionalDouble.empty())));
    }

    @Test
    void isThe95thPercentileOfTenMinutes() {
        measure(0, Metric.CPU, 100);
        for (int i = 1; i <= 100; i++) {
            measure(600 + i, Metric.CPU, i);
        }

        assertThat(window.p95().get("web").cpuCores()).hasValue(95);
    }

    @Test
    void aServiceThatIsGoneIsForgotten() {
        measure(0, Metric.MEMORY, 1024);
        window.keepOnly(Set.of());

        assertThat(window.p95()).isEmpty();
    }
}
