package io.micado.examples.bench;

import io.micado.simulation.LoadTrace;
import io.micado.simulation.fluid.TrialResult;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Single requests in one queue for the instances that served in a trial: how long they wait. Used once, by one thread.
 *
 * <p>Requests arrive by chance at the rate of the trace, scaled to 50 a second at its peak, and so is what an instance serves, which
 * takes exponentially distributed times. Who came first is served first, nobody gives up, and an instance that is taken away finishes what
 * it does: a queue of the kind M(t)/M/n(t). The last day of the trace counts, so that what learns has learned; what still waits at
 * its end has waited until then.
 */
final class RequestQueue {
    private static final double PEAK = 50;
    private static final double DAY = 86_400;

    private final LoadTrace trace;
    private final double scale;
    private final double servedPerSecond;
    private final List<TrialResult.Serving> changes;
    private final SplittableRandom arrivals;
    private final SplittableRandom services;
    private final ArrayDeque<Double> waiting = new ArrayDeque<>();
    private double[] waits = new double[1 << 16];
    private int count;
    private int change;
    private int instances;
    private int busy;

    private RequestQueue(LoadTrace trace, double capacity, List<TrialResult.Serving> changes, long seed) {
        this.trace = trace;
        this.changes = changes;
        scale = trace.peak() > 0 ? PEAK / trace.peak() : 1;
        servedPerSecond = capacity * scale;
        services = new SplittableRandom(seed);
        // Of their own, so that they are the same whoever serves them.
        arrivals = services.split();
    }

    /**
     * How long requests waited. Immutable.
     *
     * @param p95 seconds that 95 % of the requests did not exceed
     * @param p99 seconds that 99 % of the requests did not exceed
     */
    record Waiting(double p95, double p99) {}

    /**
     * {@return the waiting times}; the same seed makes the same arrivals for every policy.
     *
     * @param capacity how many requests of the trace an instance serves in a second
     * @param changes how many instances served from when on
     */
    static Waiting simulate(LoadTrace trace, double capacity, List<TrialResult.Serving> changes, long seed) {
        return new RequestQueue(trace, capacity, changes, seed).run();
    }

    /** From one moment at which something happens to the next: a change of the instances, an arrival, or a request being done. */
    private Waiting run() {
        double end = trace.lengthSeconds();
        double now = Math.max(0, end - DAY);
        while (nextChange() <= now) {
            change();
        }
        double arrival = now + exponential(arrivals, PEAK);
        double done = Double.POSITIVE_INFINITY;
        while (now < end) {
            int busyBefore = busy;
            now = Math.min(end, Math.min(nextChange(), Math.min(arrival, done)));
            if (now == nextChange()) {
                change();
            } else if (now == done) {
                busy--;
            } else if (now == arrival) {
                // Thinning (Lewis and Shedler 1979): candidates come at the peak rate, each counts with the share of
                // the
                // present rate.
                if (arrivals.nextDouble() * PEAK < trace.at(now) * scale) {
                    waiting.addLast(now);
                }
                arrival = now + exponential(arrivals, PEAK);
            }
            serve(now);
            if (busy != busyBefore || now == done) {
                // What is left of an exponential time is distributed as the whole was.
                done = busy > 0 ? now + exponential(services, busy * servedPerSecond) : Double.POSITIVE_INFINITY;
            }
        }
        for (double since : waiting) {
            waited(end - since);
        }
        double[] sorted = Arrays.copyOf(waits, count);
        Arrays.sort(sorted);
        return new Waiting(quantile(sorted, 0.95), quantile(sorted, 0.99));
    }

    private double nextChange() {
        return change < changes.size() ? changes.get(change).second() : Double.POSITIVE_INFINITY;
    }

    private void change() {
        instances = changes.get(change).instances();
        change++;
    }

    private void serve(double now) {
        while (busy < instances && !waiting.isEmpty()) {
            busy++;
            waited(now - waiting.removeFirst());
        }
    }

    private void waited(double seconds) {
        if (count == waits.length) {
            waits = Arrays.copyOf(waits, 2 * count);
        }
        waits[count++] = seconds;
    }

    private static double exponential(SplittableRandom random, double rate) {
        return -Math.log1p(-random.nextDouble()) / rate;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
