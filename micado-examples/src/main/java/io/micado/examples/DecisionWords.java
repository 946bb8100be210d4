package io.micado.examples;

import io.micado.api.scaling.Decision;
import io.micado.api.scaling.Rule;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;

/** Puts parts of decisions and numbers into words for people. Used by the examples' reports. Not instantiable. */
final class DecisionWords {
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private DecisionWords() {}

    /** {@return what changes, such as {@code web 12 → 14 replicas}} */
    static String change(Decision decision) {
        String name = decision.target().name();
        String unit = decision.target().unit();
        // A pool is often called "workers": once is enough.
        return name + " " + decision.from() + " → " + decision.to() + (name.equals(unit) ? "" : " " + unit);
    }

    /** {@return the reason without the change that it begins with, which is shown beside it} */
    static String reason(Decision decision) {
        String change = decision.from() + " -> " + decision.to() + " "
                + decision.target().unit() + ": ";
        return decision.reason().startsWith(change) ? decision.reason().substring(change.length()) : decision.reason();
    }

    /** {@return the rule in words, such as {@code pending tasks}} */
    static String rule(Rule rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** {@return the rule that bound the decision; the policy when none did} */
    static String boundBy(Decision decision) {
        return decision.binding() == Rule.NONE ? "the policy" : rule(decision.binding());
    }

    /** {@return the number with as many digits as tell something} */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** {@return the time since the start as a clock shows it} */
    static String clock(Duration since, Duration whole) {
        String time = String.format(
                Locale.ROOT, "%02d:%02d:%02d", since.toHours() % 24, since.toMinutesPart(), since.toSecondsPart());
        if (whole.compareTo(TWO_DAYS) > 0) {
            return "day " + (since.toDays() + 1) + " " + time;
        }
        return since.toHours() < 24
                ? time
                : String.format(
                        Locale.ROOT, "%d:%02d:%02d", since.toHours(), since.toMinutesPart(), since.toSecondsPart());
    }

    /** {@return the share in percent, with more digits the smaller it is} */
    static String percent(double share) {
        double percent = share * 100;
        int digits = percent == 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : percent >= 0.01 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f %%", percent);
    }

    /** {@return the number with its thousands apart, or in millions} */
    static String amount(double value) {
        return value >= 1e6
                ? String.format(Locale.ROOT, "%.1f million", value / 1e6)
                : String.format(Locale.ROOT, "%,d", Math.round(value));
    }
}
