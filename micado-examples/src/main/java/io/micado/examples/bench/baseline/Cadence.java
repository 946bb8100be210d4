package io.micado.examples.bench.baseline;

/**
 * Something that happens once in each period, at the first decision in it: decisions need not fall on its beginning. Confined to one
 * thread.
 */
final class Cadence {
    private final int period;
    private int next;

    /** {@code period} is in seconds; the first one begins with the trial. */
    Cadence(int period) {
        this.period = period;
    }

    /** {@return whether it happens at this decision}; asked once at each. */
    boolean isDue(int second) {
        if (second < next) {
            return false;
        }
        next = (second / period + 1) * period;
        return true;
    }
}
