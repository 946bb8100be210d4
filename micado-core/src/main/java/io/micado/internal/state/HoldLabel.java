package io.micado.internal.state;

import io.micado.internal.plan.Hold;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Writes a hold as the text of one service label, by the wall clock, and reads it: {@code 5 until 2026-01-01T00:00:00Z} or
 * {@code 5 until released}. Not instantiable.
 */
public final class HoldLabel {
    private static final String UNTIL = " until ";
    private static final String RELEASED = "released";

    private HoldLabel() {}

    /** {@return the label of a hold; zero is until it is released} */
    public static String encode(int count, Duration howLong, Instant wallClock) {
        return count
                + UNTIL
                + (howLong.isZero() ? RELEASED : wallClock.plus(howLong).toString());
    }

    /**
     * {@return the hold that a label tells, in the time of a pass; empty when the label cannot be read}
     *
     * @param now the time of the pass
     * @param wallClock the wall clock's time of the pass
     */
    public static Optional<Hold> decode(String label, Instant now, Instant wallClock) {
        int until = label.indexOf(UNTIL);
        if (until < 0) {
            return Optional.empty();
        }
        try {
            int count = Integer.parseInt(label.substring(0, until).trim());
            String end = label.substring(until + UNTIL.length()).trim();
            if (end.equals(RELEASED)) {
                return Optional.of(new Hold(count, Optional.empty()));
            }
            Duration left = Duration.between(wallClock, Instant.parse(end));
            return Optional.of(new Hold(count, Optional.of(now.plus(left))));
        } catch (NumberFormatException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
