package io.micado.api.metric;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What somebody wants to know of the past, such as a policy that looks for a season after a restart. Immutable.
 *
 * @param keys the metrics; {@link Metric#CPU} and {@link Metric#MEMORY} of a service or pool are those of all its tasks or nodes together
 * @param span how far back, counted from now; not shorter than {@code step}
 * @param step how far the samples are apart, above zero
 * @param deadline in how long the answer has to be there; a partial answer in time beats a whole one too late
 */
public record HistoryRequest(List<MetricKey> keys, Duration span, Duration step, Duration deadline) {

    /** Checks the ranges. */
    public HistoryRequest {
        keys = List.copyOf(keys);
        Objects.requireNonNull(deadline, "deadline");
        if (step.isZero() || step.isNegative() || step.compareTo(span) > 0) {
            throw new IllegalArgumentException(
                    "step must be above zero and not above span, got " + step + " and " + span);
        }
    }
}
