package io.micado.internal.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is remembered of one offering of a pool. Immutable.
 *
 * @param failures launches in a row that failed
 * @param restingUntil until when it is not tried
 * @param why the last failure, for people
 * @param startSeconds seconds from launch to ready of the latest workers, oldest first, at most 20
 */
public record OfferingMemory(int failures, Optional<Instant> restingUntil, String why, List<Double> startSeconds) {
    /** Nothing remembered. */
    public static final OfferingMemory EMPTY = new OfferingMemory(0, Optional.empty(), "", List.of());

    /** Copies the list. */
    public OfferingMemory {
        startSeconds = List.copyOf(startSeconds);
    }

    /** {@return whether it may be tried} */
    public boolean mayLaunch(Instant now) {
        return restingUntil.isEmpty() || !now.isBefore(restingUntil.get());
    }

    /** {@return the lead time: the mean of the starts that were seen; empty when none was} */
    public Optional<Duration> leadTime() {
        OptionalDouble mean =
                startSeconds.stream().mapToDouble(Double::doubleValue).average();
        return mean.isPresent()
                ? Optional.of(Duration.ofMillis(Math.round(mean.getAsDouble() * 1000)))
                : Optional.empty();
    }
}
