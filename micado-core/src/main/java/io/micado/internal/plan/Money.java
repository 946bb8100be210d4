package io.micado.internal.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Amounts of the offerings' currency, for people. Called on the loop thread. Not instantiable. */
final class Money {
    private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

    private Money() {}

    /** {@return the amount to three digits, such as 0.0123 or 12.3} */
    static String text(double amount) {
        BigDecimal rounded = BigDecimal.valueOf(amount).round(DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
