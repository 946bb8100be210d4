package io.micado.simulation;

import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a {@link SimulatedMetrics} measured before, of services and pools as a whole. Guarded by the lock of its {@link Swarm}. */
final class SimulatedPast {
    private final Duration span;
    private final Map<MetricKey, Deque<Sample>> samples = new HashMap<>();

    /** {@code span} is for how long it is kept; zero keeps nothing. */
    SimulatedPast(Duration span) {
        this.span = span;
    }

    boolean isKept() {
        return !span.isZero();
    }

    void add(Map<MetricKey, Double> totals, Instant at, Duration window) {
        totals.forEach((key, value) -> {
            Deque<Sample> known = samples.computeIfAbsent(key, none -> new ArrayDeque<>());
            known.addLast(new Sample(value, at, window));
            while (known.getFirst().observedAt().isBefore(at.minus(span))) {
                known.removeFirst();
            }
        });
    }

    /** {@return the average of each step that ended since then, as a range query of rates tells} */
    MetricHistory tell(HistoryRequest request, Instant now) {
        Map<MetricKey, List<Sample>> told = new HashMap<>();
        for (MetricKey key : request.keys()) {
            List<Sample> known = averages(samples.getOrDefault(key, new ArrayDeque<>()), request, now);
            if (!known.isEmpty()) {
                told.put(key, known);
            }
        }
        return new MetricHistory(told, List.of());
    }

    private static List<Sample> averages(Deque<Sample> known, HistoryRequest request, Instant now) {
        long step = request.step().toMillis();
        long oldest = now.minus(request.span()).toEpochMilli() / step;
        long present = now.toEpochMilli() / step;
        List<Sample> averages = new ArrayList<>();
        double sum = 0;
        int count = 0;
        long current = Long.MIN_VALUE;
        for (Sample sample : known) {
            long at = sample.observedAt().toEpochMilli() / step;
            if (at < oldest || at >= present) {
                continue;
            }
            if (at != current && count > 0) {
                averages.add(average(sum / count, current, request.step()));
                sum = 0;
                count = 0;
            }
            current = at;
            sum += sample.value();
            count++;
        }
        if (count > 0) {
            averages.add(average(sum / count, current, request.step()));
        }
        return averages;
    }

    private static Sample average(double value, long step, Duration length) {
        return new Sample(value, Instant.ofEpochMilli((step + 1) * length.toMillis()), length);
    }
}
