package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * Guesses what a load needs that uses all there is, so that it cannot show how much more it needs. Used by
 * {@link PredictiveMemory}. Confined to one thread.
 *
 * <p>The first guess is small enough to be right for a load that has only just outgrown its capacity. When everything that was
 * ordered has arrived and is saturated again, the load must have jumped, and the next guesses are larger: the galloping search
 * of Bentley and Yao (1976).
 */
final class Saturation {
    private static final double FIRST = 1.6;
    private static final double NEXT = 2.7;
    /** When the use of each falls by so much, more is not needed than what is used. */
    private static final double DROP = 0.01;

    /** How many bytes it takes. */
    static final int BYTES = 5 * 8 + 4;

    private double since = Double.NaN;
    private double capacity;
    private int steps;
    private double guess;
    private double noise;
    private double fullShare;

    Saturation() {}

    Saturation(ByteBuffer in) {
        since = in.getDouble();
        capacity = in.getDouble();
        steps = in.getInt();
        guess = in.getDouble();
        noise = in.getDouble();
        fullShare = in.getDouble();
    }

    void write(ByteBuffer out) {
        out.putDouble(since)
                .putDouble(capacity)
                .putInt(steps)
                .putDouble(guess)
                .putDouble(noise)
                .putDouble(fullShare);
    }

    /** Forgets all, because something is free again. */
    void ended() {
        steps = 0;
        since = Double.NaN;
        guess = 0;
    }

    /**
     * {@return how many are needed at a guess; 0 when what is used now shows it}
     *
     * @param second the time of the pass
     * @param used how many fully used instances were measured
     * @param serving how many instances that was
     * @param desired how many are asked for
     * @param usualMost up to how many were needed now and then by chance, before this was seen
     * @param chance how many to ask for while it may be chance
     * @param patience for how long it may be chance, in seconds
     */
    double guess(
            double second, double used, int serving, int desired, double usualMost, double chance, double patience) {
        double share = used / serving;
        if (steps > 0 && share < fullShare - DROP) {
            ended();
            return 0;
        }
        if (steps == 0) {
            steps = 1;
            since = second;
            capacity = serving;
            fullShare = share;
            guess = FIRST * serving;
            noise = usualMost;
        } else if (serving > capacity && serving >= Math.min(guess, desired)) {
            steps++;
            capacity = serving;
            guess = NEXT * serving;
        }
        boolean maybeChance = capacity <= noise && second - since < patience;
        return maybeChance ? Math.min(guess, Math.max(serving, chance)) : guess;
    }
}
