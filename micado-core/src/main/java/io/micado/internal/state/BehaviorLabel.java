package io.micado.internal.state;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Behavior.Direction;
import io.micado.api.scaling.Behavior.Rate;
import io.micado.api.worker.Tags;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a behavior as the text of one service label, and reads it: for out, then in, {@code tolerance stabilization cooldown
 * rates}, as in {@code 0.1 PT0S PT0S 100%/PT15S,4/PT15S; 0.1 PT5M PT0S -}. Not instantiable.
 */
final class BehaviorLabel {
    private BehaviorLabel() {}

    static String encode(Behavior behavior) {
        return encode(behavior.out()) + "; " + encode(behavior.in());
    }

    static Behavior decode(String text) {
        String[] directions = text.split(";", -1);
        if (directions.length != 2) {
            throw wrong(text);
        }
        try {
            return new Behavior(direction(directions[0].trim()), direction(directions[1].trim()));
        } catch (RuntimeException e) {
            throw wrong(text);
        }
    }

    private static String encode(Direction direction) {
        String rates = direction.rates().stream()
                .map(rate -> rate.amount() + (rate.unit() == Rate.Unit.PERCENT ? "%" : "") + "/" + rate.period())
                .collect(Collectors.joining(","));
        return direction.tolerance() + " " + direction.stabilization() + " " + direction.cooldown() + " "
                + (rates.isEmpty() ? "-" : rates);
    }

    private static Direction direction(String text) {
        String[] parts = text.split(" ", -1);
        List<Rate> rates = parts[3].equals("-")
                ? List.of()
                : Stream.of(parts[3].split(",", -1)).map(BehaviorLabel::rate).toList();
        return new Direction(Double.parseDouble(parts[0]), Duration.parse(parts[1]), rates, Duration.parse(parts[2]));
    }

    private static Rate rate(String text) {
        int slash = text.indexOf('/');
        String amount = text.substring(0, slash);
        Duration period = Duration.parse(text.substring(slash + 1));
        return amount.endsWith("%")
                ? new Rate(Rate.Unit.PERCENT, Double.parseDouble(amount.substring(0, amount.length() - 1)), period)
                : new Rate(Rate.Unit.COUNT, Double.parseDouble(amount), period);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "label " + Tags.SERVICE_BEHAVIOR + " must be two directions of \"tolerance stabilization cooldown "
                        + "rates\", such as \"0.1 PT0S PT0S 100%/PT15S; 0.1 PT5M PT0S -\", got \"" + text + "\"");
    }
}
