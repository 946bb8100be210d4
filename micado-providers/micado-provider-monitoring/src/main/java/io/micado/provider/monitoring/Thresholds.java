package io.micado.provider.monitoring;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The loads in percent above which a target is overloaded and below which it is underloaded. Immutable.
 *
 * @param out the upper one
 * @param in the lower one, less than the upper one
 */
record Thresholds(double out, double in) {
    /** Those of services, unless they are set. */
    static final Thresholds SERVICE = new Thresholds(90, 10);
    /** Those of pools, unless they are set. */
    static final Thresholds POOL = new Thresholds(60, 20);

    private static final Pattern FORM = Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)\\s*/\\s*(\\d+(?:\\.\\d+)?)\\s*");

    /** {@return thresholds as they are written in settings, such as {@code 80/20}; empty when they are not in that form and order} */
    static Optional<Thresholds> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? of(matcher.group(1), matcher.group(2)) : Optional.empty();
    }

    /** {@return these thresholds; empty when they are no numbers or in the wrong order} */
    static Optional<Thresholds> of(String out, String in) {
        try {
            Thresholds thresholds = new Thresholds(Double.parseDouble(out), Double.parseDouble(in));
            return thresholds.in >= 0 && thresholds.out > thresholds.in && Double.isFinite(thresholds.out)
                    ? Optional.of(thresholds)
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** {@return the number as PromQL and people write it} */
    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
