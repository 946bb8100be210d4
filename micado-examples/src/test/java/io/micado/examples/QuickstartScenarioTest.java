package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.TargetId;
import io.micado.simulation.Scenario;
import io.micado.simulation.ScenarioResult;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuickstartScenarioTest {
    @Test
    void twoHoursOfItMoveBothLevelsWithoutHarm() throws IOException {
        RecordingTerminal recording = new RecordingTerminal(false, 80);
        Duration span = Duration.ofHours(2);

        ScenarioResult result;
        try (Scenario scenario = Quickstart.day()
                .onSample(new QuickstartProgress(recording.terminal(), span)::show)
                .build()) {
            result = scenario.run(span).result();
        }

        assertThat(result.actions(TargetId.service(Quickstart.SERVICE))).isBetween(2L, 12L);
        assertThat(result.actions(TargetId.pool("workers"))).isBetween(2L, 12L);
        assertThat(result.counters().tasksKilledByTermination()).isZero();
        assertThat(Outcome.unservedWithin(result, Duration.ofMinutes(10))).isGreaterThan(0.99);
        assertThat(Outcome.of(result).mostWorkers()).isLessThanOrEqualTo(10);
    }

    @Test
    void aLogHasALineEveryFourHours() throws IOException {
        RecordingTerminal recording = new RecordingTerminal(false, 80);
        ScenarioResult result = Results.of(Quickstart.SERVICE, java.util.List.of());
        QuickstartProgress progress = new QuickstartProgress(recording.terminal(), Duration.ofDays(1));

        result.timeline().forEach(progress::show);

        assertThat(recording.output()).isEmpty();
    }
}
