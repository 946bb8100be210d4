package io.micado.examples.bench.baseline;

/**
 * Adapt (Ali-Eldin, Tordsson, Elmroth: An adaptive hybrid elasticity controller for cloud infrastructures, 2012), as in their own
 * {@code AKTE.py}: out at once with a tenth to spare, in by a controller whose pace follows how fast the load changes. Confined to one
 * thread.
 *
 * <p>Deviations: amounts are rounded up; the time-mean of the capacity is that of the estimation period.
 */
final class Adapt implements StepRule {
    private static final double TOLERATED = 0.01;
    private static final double MARGIN = 1.1;

    private double total = 1;
    private int steps;
    private double periodTotal;
    private int periodSteps;
    private double period = 5;
    private double change;
    private int estimatedAt;

    @Override
    public int next(int capacity, double load) {
        steps++;
        periodTotal += capacity;
        periodSteps++;
        int needed = StepRule.needed(load);
        if (steps - estimatedAt >= period) {
            estimate(needed - capacity, capacity);
        }
        int next = capacity;
        if (change < 0) {
            int whole = (int) change;
            change -= whole;
            next = Math.max(capacity + whole, needed);
        } else {
            int ahead = (int) change;
            change -= ahead;
            if (needed > capacity) {
                next = StepRule.needed(MARGIN * needed) + ahead;
            }
        }
        total += capacity;
        return next;
    }

    private void estimate(double difference, int capacity) {
        double mean = periodTotal / periodSteps;
        double meanSince = total / steps;
        double use = mean / meanSince;
        double pressure = difference / meanSince;
        period = Math.max(1, 5 * TOLERATED * capacity / mean);
        double rate = use * pressure * meanSince;
        change += rate < 0 ? rate / 4 : rate;
        estimatedAt = steps;
        periodTotal = 0;
        periodSteps = 0;
    }
}
