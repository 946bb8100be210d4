package io.micado.policy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;

/** Puts numbers into the sentences that people read. Called by the policies on their threads. Not instantiable. */
final class Words {
    private Words() {}

    /** {@return the number with at most four significant digits and no needless zeros} */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 10_000) {
            return Integer.toString((int) value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_UP));
        BigDecimal plain = rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
        return plain.toPlainString();
    }

    /** {@return percent with a sign, such as {@code 84 %}} */
    static String percent(double percent) {
        return number(percent) + " %";
    }

    /** {@return the span in seconds, such as {@code 30 s}} */
    static String seconds(Duration span) {
        return number(span.toMillis() / 1000.0) + " s";
    }

    /** {@return a count with its unit, which is given in the plural} */
    static String count(int count, String units) {
        return count + " " + (count == 1 ? units.substring(0, units.length() - 1) : units);
    }
}
