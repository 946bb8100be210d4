package io.micado.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to do beyond a bound, as {@code above 0.8: +2}, {@code above 0.95: +50%}, {@code below 0.2: -1} or
 * {@code above 100: =20}. Read by {@link StepScalingPolicy}. Immutable.
 *
 * @param text the band as it was written
 * @param above whether it is beyond the bound when it is above it
 * @param bound the bound, in the metric's unit
 * @param change how to change the count
 */
record StepBand(String text, boolean above, double bound, Change change) {
    static final String FORM = "above|below BOUND: CHANGE, such as \"above 0.8: +2\", \"above 0.95: +50%\","
            + " \"below 0.2: -1\" or \"above 100: =20\"";

    private static final Pattern PATTERN =
            Pattern.compile("(above|below)\\s+([0-9.eE+-]+)\\s*:\\s*([+=-])(\\d{1,6})(%?)");

    /**
     * A change of a count.
     *
     * @param sign {@code +}, {@code -}, or {@code =} for an exact count
     * @param amount how many, or how many percent
     * @param percent whether the amount is percent of the count, of which at least one is meant
     */
    record Change(char sign, int amount, boolean percent) {
        int of(int count) {
            long step = percent ? Math.max(1, Math.round(Math.ceil(count * amount / 100.0))) : amount;
            long changed = switch (sign) {
                case '+' -> count + step;
                case '-' -> count - step;
                default -> amount;
            };
            return (int) Math.max(0, Math.min(Integer.MAX_VALUE, changed));
        }
    }

    /**
     * {@return the band}
     *
     * @throws IllegalArgumentException says what is wrong with it
     */
    static StepBand parse(String text) {
        Matcher matcher = PATTERN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must have the form " + FORM);
        }
        boolean above = matcher.group(1).equals("above");
        char sign = matcher.group(3).charAt(0);
        if (sign == (above ? '-' : '+')) {
            throw new IllegalArgumentException("must not take away above a bound, nor add below one");
        }
        if (sign == '=' && !matcher.group(5).isEmpty()) {
            throw new IllegalArgumentException("must not have percent of an exact count");
        }
        double bound;
        try {
            bound = Double.parseDouble(matcher.group(2));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must have a number as its bound", e);
        }
        Change change = new Change(
                sign, Integer.parseInt(matcher.group(4)), !matcher.group(5).isEmpty());
        return new StepBand(text.strip(), above, bound, change);
    }
}
