package io.micado.api.worker;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Whether a pool replaces a worker by cheaper ones that take what runs there, although nothing else asks for a change. Immutable.
 *
 * <p>It is off unless it is asked for, because running tasks are moved for the sake of money alone. Where it is on, it takes at least
 * two offerings whose prices and sizes are known, and a pool that has been quiet for the window in which it scales in. The cheaper
 * workers are launched first, and the worker drains when they are ready.
 *
 * <p>A worker is replaced when what could have been saved since that became possible exceeds what the change costs: each moved task at
 * {@code moveCost}, and the new workers for their lead time. So the change never costs more than twice what a clairvoyant would have
 * paid (the argument of ski rental: A. Karlin, M. Manasse, L. Rudolph and D. Sleator, Competitive Snoopy Caching, Algorithmica 3, 1988).
 *
 * @param enabled whether workers are replaced at all
 * @param leastSaving the least share of a worker's price that its replacement must save, 0 to 1; default 0.1
 * @param moveCost what it is worth not to move one task, in the currency of the offerings' prices; empty, the default, takes what the
 *     worker costs in a minute
 */
public record Consolidation(boolean enabled, double leastSaving, OptionalDouble moveCost) {
    /** No worker is replaced for its price: the default. */
    public static final Consolidation OFF = new Consolidation(false, 0.1, OptionalDouble.empty());
    /** Workers are replaced where that saves at least a tenth of their price. */
    public static final Consolidation ON = new Consolidation(true, 0.1, OptionalDouble.empty());

    /** Checks the ranges. */
    public Consolidation {
        Objects.requireNonNull(moveCost, "moveCost");
        if (!(leastSaving >= 0 && leastSaving <= 1)) {
            throw new IllegalArgumentException("leastSaving must be 0 to 1, got " + leastSaving);
        }
        if (moveCost.isPresent() && !(moveCost.getAsDouble() >= 0 && moveCost.getAsDouble() < Double.MAX_VALUE)) {
            throw new IllegalArgumentException("moveCost must be 0 or more, got " + moveCost.getAsDouble());
        }
    }

    /** {@return a copy with this least saving, 0 to 1} */
    public Consolidation withLeastSaving(double share) {
        return new Consolidation(enabled, share, moveCost);
    }

    /** {@return a copy with this worth of not moving one task, 0 or more} */
    public Consolidation withMoveCost(double cost) {
        return new Consolidation(enabled, leastSaving, OptionalDouble.of(cost));
    }
}
