package io.micado.policy;

import io.micado.api.scaling.Bounds;
import java.nio.ByteBuffer;

/**
 * What a plain target tracker would run on the same load, and so what a target allows to be spent. Used by
 * {@link PredictiveMemory}. Confined to one thread.
 *
 * <p>The tracker beside is the Kubernetes Horizontal Pod Autoscaler with its defaults (see {@link ProportionalRule}): a tolerance of
 * 10 % and, on the way in, the highest count of 300 s. It keeps to the same bounds, and sees no more load than its own instances would have served. Averages
 * are of some days; what was spent too much is made good within two.
 */
final class Budget {
    private static final int SLOTS = 20;
    private static final double SLOT = 15;
    private static final double TOLERANCE = 0.1;
    private static final double ROUNDING = 1e-9;
    private static final double HOUR = 3_600;
    private static final double DAY = 24 * HOUR;
    private static final double CREDIT_HALF_LIFE = 2 * DAY;
    private static final double MEAN = 4 * DAY;
    private static final double MOST_CORRECTION = 0.2;
    /** What was overspent in a day is saved in half a day, and the other way round. */
    private static final double REPAYMENT = 2;

    private static final double LONGEST_STEP = 600;
    /** Before anything was compared, what runs is taken to be a tenth more than what was asked for. */
    private static final double ASSUMED_OVERHEAD = 1.1;

    private static final double UNCOMPARED = 600;
    /** Rate limits stretch what a window keeps. */
    private static final double LEAST_SPAN = 300;

    /** How many bytes it takes. */
    static final int BYTES = 8 * (2 * SLOTS + 11);

    private final double[] highest = new double[SLOTS];
    private final double[] lowest = new double[SLOTS];
    private long slot = Long.MIN_VALUE;
    private double count;
    private double passedAt = Double.NaN;
    private double seconds;
    private double meanCount;
    private double meanOwn;
    private double meanAsked;
    private double credit;
    /** The most that was recommended in the present span of time, and in the one before. */
    private double recommended = Double.POSITIVE_INFINITY;

    private double recommendedBefore = Double.POSITIVE_INFINITY;
    private double spanSince = Double.NaN;
    /** Of the present pass; need not be remembered. */
    private double step;

    Budget() {}

    Budget(ByteBuffer in) {
        in.asDoubleBuffer().get(highest).get(lowest);
        in.position(in.position() + 16 * SLOTS);
        slot = in.getLong();
        count = in.getDouble();
        passedAt = in.getDouble();
        seconds = in.getDouble();
        meanCount = in.getDouble();
        meanOwn = in.getDouble();
        meanAsked = in.getDouble();
        credit = in.getDouble();
        recommended = in.getDouble();
        recommendedBefore = in.getDouble();
        spanSince = in.getDouble();
    }

    void write(ByteBuffer out) {
        out.asDoubleBuffer().put(highest).put(lowest);
        out.position(out.position() + 16 * SLOTS);
        out.putLong(slot).putDouble(count).putDouble(passedAt).putDouble(seconds);
        out.putDouble(meanCount).putDouble(meanOwn).putDouble(meanAsked).putDouble(credit);
        out.putDouble(recommended).putDouble(recommendedBefore).putDouble(spanSince);
    }

    /** {@return how many the tracker would run now} */
    int count() {
        return (int) count;
    }

    /**
     * Lets the tracker decide, and compares what it runs with what we run.
     *
     * @param second the time of the pass
     * @param load how many fully used instances the load needs
     * @param target the utilisation that it keeps
     * @param lead how long its instances take to arrive, in seconds
     * @param share how much of what it runs may be spent
     * @param desired how many run here
     * @param bounds how many may run, here as there
     */
    void pass(double second, double load, double target, double lead, double share, int desired, Bounds bounds) {
        step = Double.isNaN(passedAt) ? 0 : Math.max(0, Math.min(second - passedAt, LONGEST_STEP));
        passedAt = second;
        track(second, load, target, lead, bounds);
        // More than was recommended runs for somebody else, such as a hold, and is not our expense.
        double own = Math.min(desired, Math.max(bounds.min(), Math.max(recommended, recommendedBefore)));
        if (step == 0) {
            return;
        }
        seconds = Math.min(MEAN, seconds + step);
        double gain = step / seconds;
        meanCount += gain * (count - meanCount);
        meanOwn += gain * (own - meanOwn);
        credit *= Math.pow(0.5, step / CREDIT_HALF_LIFE);
        credit += (share * count - own) / Math.max(1, meanCount) * step / DAY;
    }

    /** Notes what was asked for, before rounding, hysteresis, windows and floors made it more. */
    void asked(double capacity) {
        meanAsked += seconds > 0 ? step / seconds * (capacity - meanAsked) : 0;
    }

    /**
     * Notes what was recommended.
     *
     * @param second the time of the pass
     * @param count how many
     * @param window for how long the engine keeps what was recommended, in seconds
     */
    void recommended(double second, int count, double window) {
        if (!(second - spanSince < Math.max(window, LEAST_SPAN))) {
            recommendedBefore = Double.isNaN(spanSince) ? count : recommended;
            recommended = count;
            spanSince = second;
        }
        recommended = Math.max(recommended, count);
    }

    /** {@return how much may be asked for on average, so that what runs is this share of what the tracker runs} */
    double affordable(double share) {
        double correction = Math.max(-MOST_CORRECTION, Math.min(MOST_CORRECTION, REPAYMENT * credit));
        return meanCount * (share + correction) / overhead();
    }

    /** {@return the same, whatever was spent too much or too little so far} */
    double affordableAlways(double share) {
        return meanCount * share / overhead();
    }

    private double overhead() {
        return seconds > UNCOMPARED && meanAsked > 0
                ? Math.max(0.9, Math.min(1.5, meanOwn / meanAsked))
                : ASSUMED_OVERHEAD;
    }

    private void track(double second, double load, double target, double lead, Bounds bounds) {
        long now = (long) Math.floor(second / SLOT);
        // One whose target is so high that it tolerates saturation would never grow: it is lent better eyes.
        boolean seesAll = count == 0 || target * (1 + TOLERANCE) >= 1;
        double seen = seesAll ? load : Math.min(load, serving(now, lead));
        boolean isNear = count > 0 && Math.abs(seen / (target * count) - 1) <= TOLERANCE;
        double wanted = bounds.clamp((int) (isNear ? count : Math.max(1, Math.ceil(seen / target - ROUNDING))));
        for (long skipped = Math.max(slot, now - SLOTS) + 1; skipped <= now; skipped++) {
            highest[place(skipped)] = 0;
            lowest[place(skipped)] = count;
        }
        slot = now;
        highest[place(now)] = Math.max(highest[place(now)], wanted);
        double most = 0;
        for (double one : highest) {
            most = Math.max(most, one);
        }
        count = Math.min(Math.max(count, wanted), most);
        lowest[place(now)] = lowest[place(now)] > 0 ? Math.min(lowest[place(now)], count) : count;
    }

    /** What has run for a whole lead time. */
    private double serving(long now, double lead) {
        int back = (int) Math.min(SLOTS - 1L, Math.round(lead / SLOT));
        double serving = count;
        for (int i = 0; i <= back; i++) {
            long at = now - i;
            double low = at <= slot && slot - at < SLOTS ? lowest[place(at)] : 0;
            serving = low > 0 ? Math.min(serving, low) : serving;
        }
        return serving;
    }

    private static int place(long at) {
        return (int) Math.floorMod(at, (long) SLOTS);
    }
}
