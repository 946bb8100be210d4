package io.micado.testing;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Checks a property for many inputs, each made from a seed of its own. A failure names its seed; {@code -Dmicado.seed=N} checks
 * that one alone.
 */
public final class Seeds {
    private Seeds() {}

    /** Checks the property so many times. */
    public static void check(int tries, Consumer<Random> property) {
        Long only = Long.getLong("micado.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? tries : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                property.accept(new Random(seed * 0x9E3779B97F4A7C15L));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with -Dmicado.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** {@return a whole number from least to most, both included} */
    public static int between(Random random, int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** {@return a number from least to most; now and then exactly one of the two} */
    public static double between(Random random, double least, double most) {
        return switch (random.nextInt(20)) {
            case 0 -> least;
            case 1 -> most;
            default -> least + random.nextDouble() * (most - least);
        };
    }

    /** {@return text of any characters, at most so many} */
    public static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(most + 1);
        for (int i = 0; i < length; i++) {
            boolean plain = random.nextInt(4) > 0;
            text.append((char) (plain ? between(random, 32, 126) : between(random, 0, 0xD7FF)));
        }
        return text.toString();
    }
}
