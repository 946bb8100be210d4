package io.micado.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean of a value over the last while, each one weighted by the time since the one before, so that passes in quick
 * succession do not outweigh the others. Kept in {@link ThresholdState}. Immutable.
 *
 * @param entries oldest first; those of one slice of the window are merged, so there are never many
 */
record MovingAverage(List<Entry> entries) {
    /** Nothing seen. */
    static final MovingAverage EMPTY = new MovingAverage(List.of());

    private static final int SLICES = 60;

    MovingAverage {
        entries = List.copyOf(entries);
    }

    /**
     * The mean of a short span.
     *
     * @param from when the first value of it was seen
     * @param at when the last value of it was seen
     * @param millis how long a time it stands for
     * @param value the mean
     */
    record Entry(Instant from, Instant at, long millis, double value) {}

    /**
     * {@return this average and one more value}
     *
     * @param usualSpan what the first value stands for, since there is none before it
     */
    MovingAverage plus(double value, Instant now, Duration window, Duration usualSpan) {
        List<Entry> kept = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.at().isAfter(now.minus(window))) {
                kept.add(entry);
            }
        }
        // An entry that has just left the window still tells how long ago the last value was.
        Duration since = entries.isEmpty()
                ? usualSpan
                : Duration.between(entries.get(entries.size() - 1).at(), now);
        Duration span = since.compareTo(window) > 0 ? window : since;
        Entry latest = new Entry(now, now, Math.max(1, span.toMillis()), value);
        if (!kept.isEmpty() && isSameSlice(kept.get(kept.size() - 1), now, window)) {
            latest = merged(kept.remove(kept.size() - 1), latest);
        }
        kept.add(latest);
        return new MovingAverage(kept);
    }

    /** {@return the mean of what was seen} */
    double mean() {
        double weighted =
                entries.stream().mapToDouble(e -> e.value() * e.millis()).sum();
        long millis = entries.stream().mapToLong(Entry::millis).sum();
        return millis == 0 ? 0 : weighted / millis;
    }

    private static boolean isSameSlice(Entry entry, Instant now, Duration window) {
        return Duration.between(entry.from(), now).compareTo(window.dividedBy(SLICES)) < 0;
    }

    private static Entry merged(Entry a, Entry b) {
        long millis = a.millis() + b.millis();
        return new Entry(a.from(), b.at(), millis, (a.value() * a.millis() + b.value() * b.millis()) / millis);
    }
}
