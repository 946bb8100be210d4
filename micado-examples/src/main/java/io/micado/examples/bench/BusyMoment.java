package io.micado.examples.bench;

import io.micado.simulation.LoadTrace;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * When instances fail in the bench: where it hurts, and where a policy has learned what it can. Not instantiable.
 */
final class BusyMoment {
    private static final double BUSY = 0.9;
    /** For things to come right again before the trace ends. */
    private static final double SECONDS_LEFT = 3_600;

    private BusyMoment() {}

    /**
     * {@return the last time that the load begins a step in which it is at least its 90th percentile, an hour or more before its end}
     * A trace of less than two hours counts up to its middle.
     */
    static Duration of(LoadTrace trace) {
        double latest = trace.lengthSeconds() - Math.min(SECONDS_LEFT, trace.lengthSeconds() / 2);
        int end = Math.max(1, (int) Math.floor(latest / trace.stepSeconds()));
        double[] sorted =
                IntStream.range(0, end).mapToDouble(trace::rate).sorted().toArray();
        double busy = sorted[(int) Math.ceil(BUSY * sorted.length) - 1];
        int last = IntStream.range(0, end)
                .filter(step -> trace.rate(step) >= busy)
                .max()
                .orElseThrow();
        return Duration.ofMillis(Math.round(1_000 * last * trace.stepSeconds()));
    }
}
