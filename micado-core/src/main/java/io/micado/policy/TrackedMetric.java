package io.micado.policy;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.ScalingContext;

/** One metric and its target, called by {@link TargetTracker} on the policies' threads. Immutable. */
sealed interface TrackedMetric permits TrackedUtilisation, TrackedValue {

    /**
     * {@return how many keep this metric at its target; unknown when it was not measured}
     *
     * @param memory tells what of it is believed
     */
    Recommendation recommend(ScalingContext in, TrackerMemory memory);

    /** {@return what an outcome means, for people} */
    static String words(ProportionalRule.Outcome outcome, Measurement measurement, ScalingContext in) {
        String desired = Words.count(in.desired(), in.target().unit());
        return switch (outcome.verdict()) {
            case WITHIN_TOLERANCE -> "within the tolerance";
            case NOT_YET ->
                "above the tolerance; it stays at " + desired + " unless the next measurements say the same";
            case UNSURE -> unsure(measurement) + " could turn the direction, so it stays at " + desired;
            case PROPORTIONAL ->
                outcome.count() == in.desired()
                        ? "still needs " + desired
                        : "needs " + Words.count(outcome.count(), in.target().unit()) + " instead of " + in.desired();
        };
    }

    private static String unsure(Measurement measurement) {
        int missing = measurement.missing().size();
        int starting = measurement.ignored().size();
        if (missing + starting == 0) {
            return "those that are still to start or to stop";
        }
        return missing + " without a fresh sample and " + starting + " that start";
    }

    /** {@return what to add about samples that cannot be} */
    static String impossible(Measurement measurement) {
        int count = measurement.impossible();
        return count == 0
                ? ""
                : "; " + Words.count(count, "samples") + " cannot be and " + (count == 1 ? "counts" : "count")
                        + " as missing";
    }
}
