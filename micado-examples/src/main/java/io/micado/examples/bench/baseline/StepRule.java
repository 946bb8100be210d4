package io.micado.examples.bench.baseline;

/**
 * An autoscaler of the literature, which decides once for each sample of its trace. Called by {@link Stepped} on the trial's
 * thread.
 */
@FunctionalInterface
interface StepRule {

    /**
     * {@return how many there are to be}
     *
     * @param capacity how many there are
     * @param load the load of the last step, in fully used instances
     */
    int next(int capacity, double load);

    /** {@return how many instances a load needs} */
    static int needed(double load) {
        return (int) Math.ceil(load - 1e-9);
    }
}
