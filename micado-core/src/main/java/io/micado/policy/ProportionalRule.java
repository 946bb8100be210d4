package io.micado.policy;

import io.micado.api.scaling.Behavior;
import io.micado.policy.Measurement.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The arithmetic of the Kubernetes Horizontal Pod Autoscaler, version 2: as many more or fewer as the measured value is above
 * or below its target, with a dead band, and with the cautious guess for everyone that could not be measured. Called by
 * {@link TargetTracker}'s metrics on the policies' threads. Not instantiable.
 *
 * <p>One guard is added to all of its paths: a value above the target never leads to fewer, nor one below it to more, also
 * while fewer or more run than are desired.
 */
final class ProportionalRule {
    /** Forgives rounding errors, so that 1.1 times 10 is 11 and not 12. */
    private static final double ROUNDING = 1e-9;

    private ProportionalRule() {}

    /** Why it is this many. */
    enum Verdict {
        /** The value and its target say so. */
        PROPORTIONAL,
        /** The value is too close to its target. */
        WITHIN_TOLERANCE,
        /** Those that were not measured, or do not run yet, could turn the direction. */
        UNSURE,
        /** It is above its target by so little that it may be noise, until it has been measured a few times. */
        NOT_YET
    }

    /**
     * What came out.
     *
     * @param count how many
     * @param ratio the value over its target, of those that were measured
     * @param verdict why
     */
    record Outcome(int count, double ratio, Verdict verdict) {
        /** {@return this, or none at all of the more that it says as long as that is not believed} */
        Outcome with(Patience patience, Observed observed, int desired) {
            return count > desired && !patience.believes(ratio, observed)
                    ? new Outcome(desired, ratio, Verdict.NOT_YET)
                    : this;
        }
    }

    /** {@return how many keep the utilisation at its target, both as a share; it is cut to whole percent first} */
    static Outcome utilisation(Measurement measurement, double target, int desired, Behavior behavior) {
        // Whoever was not measured is taken to use all of its share, not only the target: it may be the busiest.
        return each(measurement, target, Math.max(1, target), true, desired, behavior);
    }

    /** {@return how many keep the mean of a value that each has at its target} */
    static Outcome mean(Measurement measurement, double target, int desired, Behavior behavior) {
        return each(measurement, target, target, false, desired, behavior);
    }

    /** {@return how many carry a total of which each carries {@code target}} */
    static Outcome total(double total, double target, int desired, Behavior behavior) {
        int count = ceil(total / target);
        if (desired == 0) {
            return new Outcome(count, total / target, Verdict.PROPORTIONAL);
        }
        double ratio = total / (target * desired);
        return withinTolerance(ratio, behavior)
                ? new Outcome(desired, ratio, Verdict.WITHIN_TOLERANCE)
                : new Outcome(count, ratio, Verdict.PROPORTIONAL);
    }

    /** {@return how many bring a value of the whole back to its target, if it falls in proportion} */
    static Outcome value(double value, double target, int ready, int desired, Behavior behavior) {
        double ratio = value / target;
        if (desired == 0) {
            return new Outcome(ceil(ratio), ratio, Verdict.PROPORTIONAL);
        }
        return withinTolerance(ratio, behavior)
                ? new Outcome(desired, ratio, Verdict.WITHIN_TOLERANCE)
                : towards(ratio, ratio, ready, desired);
    }

    private static Outcome each(
            Measurement measurement,
            double target,
            double cautious,
            boolean wholePercent,
            int desired,
            Behavior behavior) {
        double ratio = ratio(measurement.measured(), target, wholePercent);
        boolean startersCount = !measurement.ignored().isEmpty() && ratio > 1;
        if (!startersCount && measurement.missing().isEmpty()) {
            return withinTolerance(ratio, behavior)
                    ? new Outcome(desired, ratio, Verdict.WITHIN_TOLERANCE)
                    : towards(ratio, ratio, measurement.measured().size(), desired);
        }
        List<Part> filled = new ArrayList<>(measurement.measured());
        if (ratio < 1) {
            measurement.missing().forEach(part -> filled.add(part.using(cautious * part.whole())));
        } else if (ratio > 1) {
            measurement.missing().forEach(part -> filled.add(part.using(0)));
        }
        if (startersCount) {
            measurement.ignored().forEach(part -> filled.add(part.using(0)));
        }
        double second = ratio(filled, target, wholePercent);
        if ((ratio < 1 && second > 1) || (ratio > 1 && second < 1)) {
            return new Outcome(desired, ratio, Verdict.UNSURE);
        }
        if (withinTolerance(second, behavior)) {
            return new Outcome(
                    desired, ratio, withinTolerance(ratio, behavior) ? Verdict.WITHIN_TOLERANCE : Verdict.UNSURE);
        }
        return towards(ratio, second, filled.size(), desired);
    }

    private static Outcome towards(double ratio, double factor, int counted, int desired) {
        int count = ceil(factor * counted);
        boolean turned = (factor < 1 && count > desired) || (factor > 1 && count < desired);
        return turned ? new Outcome(desired, ratio, Verdict.UNSURE) : new Outcome(count, ratio, Verdict.PROPORTIONAL);
    }

    private static double ratio(List<Part> parts, double target, boolean wholePercent) {
        double share = Measurement.share(parts);
        return wholePercent ? wholePercent(share) / (target * 100) : share / target;
    }

    /** {@return the share in percent, without its fraction} */
    static double wholePercent(double share) {
        return Math.floor(share * 100 + ROUNDING);
    }

    private static boolean withinTolerance(double ratio, Behavior behavior) {
        return ratio >= 1 - behavior.in().tolerance() - ROUNDING
                && ratio <= 1 + behavior.out().tolerance() + ROUNDING;
    }

    private static int ceil(double value) {
        return (int) Math.max(0, Math.ceil(value - ROUNDING));
    }
}
