package io.micado.simulation.fluid;

/**
 * What an autoscaler sees at one decision. Immutable. Measurements are averages over the window of the trial, which ends the
 * sensing lag before the decision.
 *
 * @param second the time of the decision, in seconds since the start
 * @param desired how many instances are asked for: ready and arriving
 * @param ready how many of them can serve, and do unless the autoscaler {@linkplain Autoscaler#serving says} otherwise
 * @param measured how many of them were ready throughout the window, so that they have a sample
 * @param utilisation the mean use of those that served, 0 to 1: it cannot show more than all; NaN when there is no sample
 * @param offered how many requests a second arrived, served or not; NaN when it was not measured
 */
public record Observation(int second, int desired, int ready, int measured, double utilisation, double offered) {

    /** {@return how many instances were launched and do not serve yet} */
    public int arriving() {
        return desired - ready;
    }
}
