package io.micado.policy;

import java.util.Arrays;

/**
 * What the load usually is at each minute of the day, learned day by day. Confined to one thread; {@link #copy} makes one that
 * may change while this one stays.
 *
 * <p>A minute counts only an hour later, so that the present day is compared with days before and not with itself.
 */
final class Season {
    static final int BINS = 1_440;
    private static final int RECENT = 64;
    private static final long MINUTE = 60;

    private float[] usual;
    private boolean shared;
    private final float[] recent;
    private long minute = Long.MIN_VALUE;
    private double sum;
    private int count;

    Season() {
        usual = new float[BINS];
        Arrays.fill(usual, Float.NaN);
        recent = new float[RECENT];
        Arrays.fill(recent, Float.NaN);
    }

    private Season(Season other) {
        usual = other.usual;
        shared = true;
        other.shared = true;
        recent = other.recent.clone();
        minute = other.minute;
        sum = other.sum;
        count = other.count;
    }

    Season copy() {
        return new Season(this);
    }

    void add(double second, double load) {
        long now = (long) Math.floor(second / MINUTE);
        if (now != minute) {
            close(now);
        }
        sum += load;
        count++;
    }

    private void close(long now) {
        if (minute != Long.MIN_VALUE) {
            float mean = count > 0 ? (float) (sum / count) : Float.NaN;
            long last = Math.min(now - 1, minute + RECENT);
            for (long m = minute; m <= last; m++) {
                push(m, m == minute ? mean : Float.NaN);
            }
        }
        minute = now;
        sum = 0;
        count = 0;
    }

    private void push(long m, float mean) {
        int place = (int) Math.floorMod(m, (long) RECENT);
        float old = recent[place];
        recent[place] = mean;
        if (!Float.isNaN(old)) {
            if (shared) {
                usual = usual.clone();
                shared = false;
            }
            int bin = bin(m - RECENT);
            usual[bin] = Float.isNaN(usual[bin]) ? old : (float) (usual[bin] + Tune.ALPHA * (old - usual[bin]));
        }
    }

    private static int bin(long m) {
        return (int) Math.floorMod(m, (long) BINS);
    }

    /** NaN when unknown. */
    double at(double second, int halfWidth) {
        long m = (long) Math.floor(second / MINUTE);
        if (halfWidth == 0) {
            return usual[bin(m)];
        }
        double total = 0;
        int known = 0;
        for (long i = m - halfWidth; i <= m + halfWidth; i++) {
            float v = usual[bin(i)];
            if (!Float.isNaN(v)) {
                total += v;
                known++;
            }
        }
        return known > halfWidth ? total / known : Double.NaN;
    }
}
