package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.simulation.Scenario;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a control loop counts as stuck. */
class HealthTest {

    @Test
    void aLoopThatMakesNoPassForHalfAMinuteIsStuck() {
        try (Scenario scenario = Scenario.builder().workers(1, 1, "small").build()) {
            Micado micado = scenario.micado();
            Shown shown = new Shown(micado, 0);
            long now = 0;
            for (int i = 0; i < 20; i++) {
                scenario.run(Duration.ofSeconds(5));
                now += TimeUnit.SECONDS.toNanos(5);
                shown.look(now);
                assertThat(shown.isStuck(now)).isFalse();
            }
            // From now on the program hangs: nothing passes but time.
            long later = now + TimeUnit.SECONDS.toNanos(29);
            shown.look(later);
            assertThat(shown.isStuck(later)).isFalse();
            later = now + TimeUnit.SECONDS.toNanos(31);
            shown.look(later);
            assertThat(shown.isStuck(later)).isTrue();
            assertThat(Problems.of(shown, later).get(0))
                    .containsEntry("severity", "error")
                    .containsEntry("text", "has made no pass for 31 s");
            scenario.run(Duration.ofSeconds(10));
            shown.look(later);
            assertThat(shown.isStuck(later)).isFalse();
        }
    }
}
