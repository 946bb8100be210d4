package io.micado.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Offering;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerSizeTest {
    @ParameterizedTest
    @CsvSource({"0.5cpu-512m,0.5,536870912", "2cpu-4g,2,4294967296", "1CPU-1GiB,1,1073741824", "1cpu-500mb,1,500000000"
    })
    void readsAnInstanceTypeThatLooksLikeASize(String type, double cpus, long memory) {
        assertThat(WorkerSize.of(Offering.builder("local", type).build())).isEqualTo(new WorkerSize(cpus, memory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "small", "m5.large", "cpu-512m", "1cpu", "1cpu-512"})
    void leavesAWorkerOfAnotherTypeUnbounded(String type) {
        assertThat(WorkerSize.of(Offering.builder("local", type).build())).isEqualTo(new WorkerSize(0, 0));
    }

    @Test
    void settingsComeBeforeTheTypeAndTheTypeBeforeTheStatedCapacity() {
        Offering.Builder offering = Offering.builder("local", "1cpu-1g").capacity(Resources.ofMebibytes(3, 3072));

        assertThat(WorkerSize.of(offering.build())).isEqualTo(new WorkerSize(1, 1L << 30));
        assertThat(WorkerSize.of(offering.settings(Settings.of("cpus", 2)).build()))
                .isEqualTo(new WorkerSize(2, 1L << 30));
        assertThat(WorkerSize.of(Offering.builder("local", "own")
                        .capacity(Resources.ofMebibytes(3, 3072))
                        .build()))
                .isEqualTo(new WorkerSize(3, 3L << 30));
    }

    @Test
    void refusesWhatNoEngineAccepts() {
        assertThatThrownBy(() -> sizeOf(Settings.of("cpus", -1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cpus: must be 0.01 or more, got -1.0");
        assertThatThrownBy(() -> sizeOf(Settings.of("memory", "1m")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("memory: must be 6 MiB or more");
    }

    @Test
    void survivesAsTheTextsOfLabels() {
        for (WorkerSize size : new WorkerSize[] {new WorkerSize(0, 0), new WorkerSize(0.25, 1L << 40)}) {
            assertThat(WorkerSize.ofTexts(size.cpusText(), size.memoryText())).isEqualTo(size);
        }
        assertThat(WorkerSize.ofTexts("many", "")).isEqualTo(new WorkerSize(0, 0));
    }

    private static WorkerSize sizeOf(Settings settings) {
        return WorkerSize.of(Offering.builder("local", "any").settings(settings).build());
    }
}
