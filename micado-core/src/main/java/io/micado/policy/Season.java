package io.micado.policy;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a load usually is at each minute of the day and each hour of the week, learned as days pass. Used by {@link Forecaster}.
 * Confined to one thread.
 *
 * <p>Each bin is an exponential moving average over days or weeks, the seasonal part of Holt-Winters smoothing (Winters 1960) in
 * its additive form. A minute counts only an hour later, so that the present day is compared with earlier days and not with
 * itself. A day of minutes takes 3 kB: values are kept as logarithms, to 0.04 %.
 */
final class Season {

    /** How a season is looked at. */
    enum Kind {
        /** Not at all. */
        NONE,
        /** To the minute: for jobs that start by the clock. */
        MINUTE,
        /** Smoothed over twenty minutes: for people. */
        DAY,
        /** The hours of the week. */
        WEEK;

        /** {@return the words for it, as an addition to a level} */
        String words() {
            return switch (this) {
                case NONE -> "";
                case MINUTE -> " and what other days did at this minute";
                case DAY -> " and what other days did at this time";
                case WEEK -> " and what other weeks did at this hour";
            };
        }
    }

    private static final int MINUTES = 1_440;
    private static final int HOURS = 168;
    private static final int RECENT = 64;
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;
    private static final int SMOOTHING = 10;
    /** Of a new day; half of it leaves noise of one day in, but learns a new habit in two. */
    private static final double GAIN = 0.5;

    private static final double RESOLUTION = 1e-3;
    private static final int CODES = 0xffff;
    private static final double STEPS_PER_E = CODES / Math.log(1e9);

    /** How many bytes it takes. */
    static final int BYTES = 2 * MINUTES + 4 * HOURS + 4 * RECENT + 8 + 8 + 4 + 8 + 4;

    /** Zero is unknown. */
    private final short[] minutes = new short[MINUTES];

    private final float[] hours = new float[HOURS];
    private final float[] recent = new float[RECENT];
    private long minute = Long.MIN_VALUE;
    private double sum;
    private int count;
    private double hourSum;
    private int hourCount;

    Season() {
        Arrays.fill(hours, Float.NaN);
        Arrays.fill(recent, Float.NaN);
    }

    Season(ByteBuffer in) {
        in.asShortBuffer().get(minutes);
        in.position(in.position() + 2 * MINUTES);
        in.asFloatBuffer().get(hours).get(recent);
        in.position(in.position() + 4 * (HOURS + RECENT));
        minute = in.getLong();
        sum = in.getDouble();
        count = in.getInt();
        hourSum = in.getDouble();
        hourCount = in.getInt();
    }

    void write(ByteBuffer out) {
        out.asShortBuffer().put(minutes);
        out.position(out.position() + 2 * MINUTES);
        out.asFloatBuffer().put(hours).put(recent);
        out.position(out.position() + 4 * (HOURS + RECENT));
        out.putLong(minute).putDouble(sum).putInt(count).putDouble(hourSum).putInt(hourCount);
    }

    /** Adds what the load was at a second of the wall clock, no earlier than the one before. */
    void add(double second, double load) {
        long now = (long) Math.floor(second / MINUTE);
        if (now != minute) {
            close(now);
        }
        sum += load;
        count++;
    }

    /** {@return whether anything is known of this time of other days} */
    boolean knows(double second) {
        return minutes[bin((long) Math.floor(second / MINUTE))] != 0;
    }

    /** {@return what the load usually is at that time; NaN when unknown} */
    double usual(Kind kind, double second) {
        return switch (kind) {
            case NONE -> Double.NaN;
            case MINUTE -> value(minutes[bin((long) Math.floor(second / MINUTE))]);
            case DAY -> smooth((long) Math.floor(second / MINUTE));
            case WEEK -> hourly(second);
        };
    }

    /** {@return by how much the load usually rises, at most, until that time; 0 when unknown, negative when it falls} */
    double rise(Kind kind, double from, double to) {
        if (kind == Kind.NONE) {
            return 0;
        }
        double before = usual(kind, from);
        double most = usual(kind, to);
        for (double second = to - MINUTE; second > from; second -= MINUTE) {
            most = Math.max(most, usual(kind, second));
        }
        double rise = most - before;
        return Double.isNaN(rise) ? 0 : rise;
    }

    private void close(long now) {
        if (minute != Long.MIN_VALUE && now > minute) {
            push(minute, count > 0 ? (float) (sum / count) : Float.NaN);
            long last = Math.min(now - 1, minute + RECENT);
            for (long skipped = minute + 1; skipped <= last; skipped++) {
                push(skipped, Float.NaN);
            }
        }
        minute = now;
        sum = 0;
        count = 0;
    }

    private void push(long at, float load) {
        int place = (int) Math.floorMod(at, (long) RECENT);
        float old = recent[place];
        recent[place] = load;
        long then = at - RECENT;
        if (!Float.isNaN(old)) {
            int bin = bin(then);
            double before = value(minutes[bin]);
            minutes[bin] = code(Double.isNaN(before) ? old : before + GAIN * (old - before));
            hourSum += old;
            hourCount++;
        }
        if (hourCount > 0 && Math.floorMod(then, (long) MINUTE) == MINUTE - 1) {
            closeHour(Math.floorDiv(then, (long) MINUTE));
        }
    }

    private void closeHour(long at) {
        int hour = (int) Math.floorMod(at, (long) HOURS);
        float mean = (float) (hourSum / hourCount);
        hours[hour] = Float.isNaN(hours[hour]) ? mean : (float) (hours[hour] + GAIN * (mean - hours[hour]));
        hourSum = 0;
        hourCount = 0;
    }

    private double smooth(long around) {
        double total = 0;
        int known = 0;
        for (long at = around - SMOOTHING; at <= around + SMOOTHING; at++) {
            short code = minutes[bin(at)];
            if (code != 0) {
                total += value(code);
                known++;
            }
        }
        return known > SMOOTHING ? total / known : Double.NaN;
    }

    /** A straight line from the middle of one hour to that of the next. */
    private double hourly(double second) {
        double hour = second / HOUR - 0.5;
        long first = (long) Math.floor(hour);
        double a = hours[(int) Math.floorMod(first, (long) HOURS)];
        double b = hours[(int) Math.floorMod(first + 1, (long) HOURS)];
        return a + (hour - first) * (b - a);
    }

    private static int bin(long at) {
        return (int) Math.floorMod(at, (long) MINUTES);
    }

    private static short code(double load) {
        double steps = Math.log1p(Math.max(0, load) / RESOLUTION) * STEPS_PER_E;
        return (short) (1 + (int) Math.min(CODES - 1, Math.round(steps)));
    }

    private static double value(short code) {
        return code == 0 ? Double.NaN : RESOLUTION * Math.expm1((Short.toUnsignedInt(code) - 1) / STEPS_PER_E);
    }
}
