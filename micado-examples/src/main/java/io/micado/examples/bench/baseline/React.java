package io.micado.examples.bench.baseline;

/**
 * React (Chieu, Mohindra, Karve, Segal: Dynamic scaling of web applications in a virtualized cloud computing environment, 2009),
 * as in {@code Reactive.py} of Ali-Eldin's collection: a fifth more than what lacks, at once, and a fifth more than the load needs when
 * more than a tenth is free, which may also be more than there are. Immutable.
 *
 * <p>Deviations: amounts are rounded up.
 */
final class React implements StepRule {
    private static final double MORE = 1.2;
    private static final double MARGIN = 1.1;

    @Override
    public int next(int capacity, double load) {
        int lacking = StepRule.needed(load) - capacity;
        if (lacking > 0) {
            return capacity + StepRule.needed(MORE * lacking);
        }
        return MARGIN * load < capacity ? StepRule.needed(MORE * StepRule.needed(load)) : capacity;
    }
}
