package io.micado.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

/** A load that arrives by chance: each second has a number of its own that the seed decides. Immutable. */
final class PoissonWorkload implements Workload {
    private static final long BIN = 1_000_000_000L;
    /** From here on the normal distribution is as good. */
    private static final double LARGE = 50;

    private final Workload mean;
    private final long seed;

    PoissonWorkload(Workload mean, long seed) {
        this.mean = mean;
        this.seed = seed;
    }

    @Override
    public double at(Duration sinceStart) {
        return arrivals(sinceStart.toNanos() / BIN);
    }

    @Override
    public double average(Duration from, Duration to) {
        long start = from.toNanos();
        long end = to.toNanos();
        if (end <= start) {
            return at(from);
        }
        double sum = 0;
        for (long bin = start / BIN; bin * BIN < end; bin++) {
            long overlap = Math.min(end, (bin + 1) * BIN) - Math.max(start, bin * BIN);
            sum += arrivals(bin) * overlap;
        }
        return sum / (end - start);
    }

    private double arrivals(long bin) {
        double expected = mean.average(Duration.ofNanos(bin * BIN), Duration.ofNanos((bin + 1) * BIN));
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + bin);
        if (expected > LARGE) {
            return Math.max(0, Math.rint(expected + Math.sqrt(expected) * random.nextGaussian()));
        }
        double limit = Math.exp(-expected);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
