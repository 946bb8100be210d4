package io.micado.api.scaling;

/**
 * The least and the most of something. Immutable.
 *
 * @param min the least, 0 or more
 * @param max the most, no less than min
 */
public record Bounds(int min, int max) {

    /** Checks the order. */
    public Bounds {
        if (min < 0) {
            throw new IllegalArgumentException("min must be 0 or more, got " + min);
        }
        if (max < min) {
            throw new IllegalArgumentException("max must not be less than min, got " + min + ".." + max);
        }
    }

    /** {@return bounds from min to max} */
    public static Bounds of(int min, int max) {
        return new Bounds(min, max);
    }

    /** {@return the value, brought within the bounds} */
    public int clamp(int value) {
        return Math.max(min, Math.min(max, value));
    }

    /** {@return whether the value lies within the bounds} */
    public boolean contains(int value) {
        return value >= min && value <= max;
    }

    @Override
    public String toString() {
        return min + ".." + max;
    }
}
