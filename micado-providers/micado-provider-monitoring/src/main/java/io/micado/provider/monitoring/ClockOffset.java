package io.micado.provider.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far an exporter's clock is ahead of ours, learned from the {@code Date} of its answers. Such a date is cut to the second, so each
 * answer gives a range only; the ranges of several are narrowed to what they have in common, and start anew when they contradict each
 * other because a clock was set. Confined to the reader of {@link ExporterMetrics}.
 */
final class ClockOffset {
    private @Nullable Duration least;
    private @Nullable Duration most;

    /** Takes the date of an answer to what was asked and answered at these times of ours. */
    void observe(Instant asked, Instant theirSecond, Instant answered) {
        Duration atLeast = Duration.between(answered, theirSecond);
        Duration atMost = Duration.between(asked, theirSecond.plusSeconds(1));
        if (atMost.compareTo(atLeast) < 0) {
            return; // our own clock was set meanwhile
        }
        boolean contradicts =
                least == null || most == null || atLeast.compareTo(most) > 0 || atMost.compareTo(least) < 0;
        least = contradicts || atLeast.compareTo(least) > 0 ? atLeast : least;
        most = contradicts || atMost.compareTo(most) < 0 ? atMost : most;
    }

    /** {@return the middle of the range, positive when the exporter's clock is ahead; empty before the first answer} */
    Optional<Duration> estimate() {
        return least == null || most == null
                ? Optional.empty()
                : Optional.of(least.plus(most).dividedBy(2));
    }
}
