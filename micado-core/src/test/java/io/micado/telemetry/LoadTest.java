package io.micado.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.TargetId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which number a decision turned on, by the names of its inputs. */
class LoadTest {

    @Test
    void aUtilisationHasItsTarget() {
        assertThat(Load.of(decision("cpu.utilisation.percent", 72, "cpu.target.percent", 60, "cpu.ratio", 1.2)))
                .contains(new Load("cpu", 72, OptionalDouble.of(60), "%"));
    }

    @Test
    void aThresholdIsItsTarget() {
        assertThat(Load.of(decision("cpu.load.percent", 90, "cpu.average.percent", 80, "scaleOut.percent", 90)))
                .contains(new Load("cpu", 80, OptionalDouble.of(90), "%"));
    }

    @Test
    void ofSeveralTheOneHighestAboveItsTargetCounts() {
        assertThat(Load.of(decision(
                        "cpu.utilisation.percent",
                        50,
                        "cpu.target.percent",
                        60,
                        "queue.value",
                        90,
                        "queue.target",
                        30)))
                .contains(new Load("queue", 90, OptionalDouble.of(30), ""));
    }

    @Test
    void withoutKnownNamesTheFirstInputIsShown() {
        assertThat(Load.of(decision("orders.waiting", 12, "packers", 3)))
                .contains(new Load("orders.waiting", 12, OptionalDouble.empty(), ""));
        assertThat(Load.of(decision())).isEmpty();
    }

    private static Decision decision(Object... inputs) {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i += 2) {
            named.put((String) inputs[i], ((Number) inputs[i + 1]).doubleValue());
        }
        Instant at = Instant.EPOCH;
        return new Decision(
                TargetId.service("web"), at, 1, 1, OptionalInt.of(1), "p", named, List.of(), Rule.NONE, "r", 1, at);
    }
}
