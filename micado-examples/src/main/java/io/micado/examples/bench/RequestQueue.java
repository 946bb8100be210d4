package io.micado.examples.bench;

import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.TrialResult;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Single requests in one queue for the instances that a trial had: how long they wait. Not instantiable.
 *
 * <p>Requests arrive by chance at the rate of the trace, scaled to at most 50 a second at its peak, so that an instance serves one
 * a second as in the trial, exponentially distributed. Who came first is served first, nobody gives up, and an instance that is
 * taken away finishes what it does: a queue of the kind M(t)/M/n(t). The last day of the trace counts, so that what learns has
 * learned.
 */
final class RequestQueue {
    private static final double PEAK = 50;
    private static final double SERVED_PER_SECOND = 1;
    private static final double DAY = 86_400;

    private RequestQueue() {}

    /**
     * How long requests waited. Immutable.
     *
     * @param p95 seconds that 95 % of the requests did not exceed
     * @param p99 seconds that 99 % of the requests did not exceed
     */
    record Waiting(double p95, double p99) {}

    /** {@return the waiting times}; the same seed makes the same arrivals for every policy. */
    static Waiting simulate(LoadTrace trace, List<TrialResult.Sample> samples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double scale = PEAK / trace.peak();
        double end = trace.lengthSeconds();
        double start = Math.max(0, end - DAY);
        PriorityQueue<Double> freeAt = new PriorityQueue<>();
        double[] waits = new double[1 << 16];
        int count = 0;
        int next = 0;
        // Thinning (Lewis and Shedler 1979): candidates come at the peak rate, each counts with the share of the
        // present rate.
        double now = start - Math.log1p(-random.nextDouble()) / PEAK;
        while (now < end) {
            while (next < samples.size() && samples.get(next).second() <= now) {
                resize(freeAt, samples.get(next).ready(), samples.get(next).second());
                next++;
            }
            if (random.nextDouble() * PEAK < trace.at(now) * scale && !freeAt.isEmpty()) {
                double begins = Math.max(now, freeAt.remove());
                freeAt.add(begins - Math.log1p(-random.nextDouble()) / SERVED_PER_SECOND);
                if (count == waits.length) {
                    waits = Arrays.copyOf(waits, 2 * count);
                }
                waits[count++] = begins - now;
            }
            now -= Math.log1p(-random.nextDouble()) / PEAK;
        }
        double[] sorted = Arrays.copyOf(waits, count);
        Arrays.sort(sorted);
        return new Waiting(quantile(sorted, 0.95), quantile(sorted, 0.99));
    }

    private static void resize(PriorityQueue<Double> freeAt, int ready, double second) {
        while (freeAt.size() < ready) {
            freeAt.add(second);
        }
        while (freeAt.size() > ready) {
            freeAt.remove();
        }
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
