package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.error.ConfigurationException;
import io.micado.api.spi.Settings;
import io.micado.simulation.VirtualTime;
import org.junit.jupiter.api.Test;

/** The Swarm's own metric source knows what the Swarm was told, alone or beside another one. */
class MetricSettingsTest {
    private static final Settings WRONG = Settings.of("deadline", "soon");
    private static final String SOURCE = "metric source \"docker\"";

    private static MicadoBuilder builder() {
        return Micado.builder().name("shop").timekeeper(VirtualTime.seeded(1)).orchestrator("swarm", WRONG);
    }

    @Test
    void theSourceTakesTheOrchestratorsSettingsWhetherItIsNamedOrNot() {
        for (MicadoBuilder builder : new MicadoBuilder[] {builder(), builder().metrics("docker")}) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("orchestrator")
                    .hasMessageContaining(SOURCE);
        }
    }

    @Test
    void itsOwnSettingsWin() {
        MicadoBuilder builder = builder().metrics("docker", Settings.of("deadline", "5s"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .message()
                .doesNotContain(SOURCE);
    }
}
