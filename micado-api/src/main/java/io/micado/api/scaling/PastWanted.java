package io.micado.api.scaling;

import io.micado.api.metric.MetricKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The past that a scaler wants to know of a target of which it remembers nothing; answered by {@link Scaler#pastWanted}. Immutable.
 *
 * @param keys the metrics; CPU and memory of a service or pool are those of all its tasks or nodes together
 * @param span how far back, counted from now; not shorter than {@code step}
 * @param step how far the samples should be apart, above zero
 */
public record PastWanted(List<MetricKey> keys, Duration span, Duration step) {

    /** Checks the ranges. */
    public PastWanted {
        keys = List.copyOf(keys);
        Objects.requireNonNull(span, "span");
        if (step.isZero() || step.isNegative() || step.compareTo(span) > 0) {
            throw new IllegalArgumentException(
                    "step must be above zero and not above span, got " + step + " and " + span);
        }
    }
}
