package io.micado.provider.monitoring;

import io.micado.api.metric.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cores in use, from the counters of CPU seconds of one node or task: what was added between two pages, over the time between
 * them. Confined to the reader of {@link ExporterMetrics}.
 *
 * <p>A counter that has become smaller was reset: then the next pair of pages tells. A page that repeats the counters of the last one
 * repeats its rate, which grows old.
 */
final class CpuRate {
    /** Two pages closer together tell mostly noise, and further apart nothing about now. */
    private static final Duration SHORTEST = Duration.ofMillis(500);

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private @Nullable Counters last;
    private @Nullable Sample rate;

    /**
     * The counters of one page.
     *
     * @param seconds CPU seconds of each core
     * @param at when they were taken, on any clock that does not jump
     */
    record Counters(Map<String, Double> seconds, Duration at) {}

    /**
     * {@return the rate; empty as long as there are not two pages that fit together}
     *
     * @param now the counters
     * @param observedAt when they were taken, on our wall clock
     */
    Optional<Sample> next(Counters now, Instant observedAt) {
        Counters before = last;
        if (before == null) {
            last = now;
            return Optional.empty();
        }
        Duration window = now.at().minus(before.at());
        if (!window.isNegative() && window.compareTo(SHORTEST) < 0) {
            return Optional.ofNullable(rate); // the exporter has not measured again
        }
        last = now;
        rate = null;
        double added = 0;
        for (Map.Entry<String, Double> core : now.seconds().entrySet()) {
            double since = core.getValue() - before.seconds().getOrDefault(core.getKey(), core.getValue());
            if (since < 0) {
                return Optional.empty(); // it was reset
            }
            added += since;
        }
        if (window.isNegative()
                || window.compareTo(LONGEST) > 0
                || now.seconds().isEmpty()) {
            return Optional.empty();
        }
        rate = new Sample(added * 1e9 / window.toNanos(), observedAt, window);
        return Optional.of(rate);
    }
}
