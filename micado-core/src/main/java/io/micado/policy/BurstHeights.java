package io.micado.policy;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How high bursts usually become: what to order as soon as one begins, since many grow for minutes and one that uses all there is does not
 * show how high it is. Used by {@link Forecaster}. Confined to one thread.
 */
final class BurstHeights {
    private static final int MOST = 16;
    /** So many have to be known before one is foretold. */
    private static final int LEAST = 2;
    /** It is over when so much of its height is left, as a share. */
    private static final double OVER = 0.5;
    /** What lasts longer, in seconds, is the new level. */
    private static final double LONGEST = 1_800;

    /** How many bytes they take. */
    static final int BYTES = 4 * MOST + 4 + 3 * 8;

    private final float[] heights = new float[MOST];
    private int count;
    private double since = Double.NaN;
    private double base;
    private double highest;

    BurstHeights() {}

    BurstHeights(ByteBuffer in) {
        in.asFloatBuffer().get(heights);
        in.position(in.position() + 4 * MOST);
        count = in.getInt();
        since = in.getDouble();
        base = in.getDouble();
        highest = in.getDouble();
    }

    void write(ByteBuffer out) {
        out.asFloatBuffer().put(heights);
        out.position(out.position() + 4 * MOST);
        out.putInt(count).putDouble(since).putDouble(base).putDouble(highest);
    }

    /**
     * Adds a sample.
     *
     * @param second when it was taken
     * @param load the load
     * @param level the load of the last minutes before it
     * @param isBurst whether it goes far beyond that
     */
    void add(double second, double load, double level, boolean isBurst) {
        if (Double.isNaN(since)) {
            if (isBurst) {
                since = second;
                base = level;
                highest = load;
            }
            return;
        }
        highest = Math.max(highest, load);
        if (second - since > LONGEST || load < base + OVER * (highest - base)) {
            heights[count % MOST] = (float) (highest - base);
            count = count < 2 * MOST - 1 ? count + 1 : MOST;
            since = Double.NaN;
        }
    }

    /**
     * {@return how high the present burst may become; 0 without one, when it has lasted longer, or when little is known}
     *
     * @param second the time
     * @param patience how long one may last, in seconds, before it has to show its height
     * @param share which share of the last bursts was not higher, 0 to 1
     */
    double expected(double second, double patience, double share) {
        if (Double.isNaN(since) || count < LEAST || second - since > patience) {
            return 0;
        }
        float[] sorted = Arrays.copyOf(heights, Math.min(count, MOST));
        Arrays.sort(sorted);
        return base + sorted[(int) (share * (sorted.length - 1))];
    }
}
