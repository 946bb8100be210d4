package io.micado.policy;

import io.micado.api.scaling.PolicyState;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@link ThresholdScaler} remembers of one target. Immutable. All instants are whole milliseconds.
 *
 * @param seenAt when the last pass was
 * @param evaluatedAt when the load was last compared with the thresholds
 * @param load the load of what was measured, in percent
 * @param cautiousLoad the same with everything that was not measured at 100 %
 * @param above the alert for scaling out
 * @param below the alert for scaling in
 * @param ask what it asks for and was not yet given
 */
record ThresholdState(
        Instant seenAt,
        Optional<Instant> evaluatedAt,
        MovingAverage load,
        MovingAverage cautiousLoad,
        Alert above,
        Alert below,
        Optional<Ask> ask)
        implements PolicyState {

    private static final int VERSION = 1;
    /** Tells this text from that of another policy, which may have had the target before. */
    private static final String HEAD = "threshold";

    private static final String NONE = "-";

    /**
     * A count that is asked for until it is given.
     *
     * @param from the desired count when it was asked for
     * @param to the count asked for
     */
    record Ask(int from, int to) {}

    /** {@return the state of a target that was never seen} */
    static ThresholdState startingAt(Instant now) {
        return new ThresholdState(
                now,
                Optional.empty(),
                MovingAverage.EMPTY,
                MovingAverage.EMPTY,
                Alert.NONE,
                Alert.NONE,
                Optional.empty());
    }

    /**
     * {@return the state as the engine gave it back; that of a target never seen when it is not ours, of an unknown version,
     * or from the future}
     *
     * @param longestGap for how long nobody may have looked, as over a restart, without waiting anew
     */
    static ThresholdState of(PolicyState given, Instant now, Duration longestGap) {
        ThresholdState state = startingAt(now);
        if (given instanceof ThresholdState own) {
            state = own;
        } else if (given.version() == VERSION) {
            state = decode(given.encode()).orElse(state);
        }
        if (state.seenAt.isAfter(now)) {
            return startingAt(now);
        }
        return state.seenAt.plus(longestGap).isBefore(now) ? state.afterGap() : state;
    }

    /** {@return what still holds when nobody looked for a while: only when it last acted} */
    private ThresholdState afterGap() {
        return new ThresholdState(
                seenAt,
                Optional.empty(),
                MovingAverage.EMPTY,
                MovingAverage.EMPTY,
                new Alert(Optional.empty(), Optional.empty(), above.notifiedAt()),
                new Alert(Optional.empty(), Optional.empty(), below.notifiedAt()),
                Optional.empty());
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public String encode() {
        return String.join(
                "|",
                HEAD,
                Long.toString(seenAt.toEpochMilli()),
                ago(evaluatedAt),
                text(load),
                text(cautiousLoad),
                text(above),
                text(below),
                ask.map(a -> a.from() + ":" + a.to()).orElse(NONE));
    }

    private String ago(Optional<Instant> instant) {
        // Relative to the last pass these are short.
        return instant.map(i -> Long.toString(seenAt.toEpochMilli() - i.toEpochMilli()))
                .orElse(NONE);
    }

    private String text(Alert alert) {
        return ago(alert.since()) + ":" + ago(alert.firingSince()) + ":" + ago(alert.notifiedAt());
    }

    private String text(MovingAverage average) {
        return average.entries().stream()
                .map(e -> ago(Optional.of(e.from())) + ":" + ago(Optional.of(e.at())) + ":" + e.millis() + ":"
                        + e.value())
                .collect(Collectors.joining(","));
    }

    private static Optional<ThresholdState> decode(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 8 || !parts[0].equals(HEAD)) {
            return Optional.empty();
        }
        try {
            Instant seenAt = Instant.ofEpochMilli(Long.parseLong(parts[1]));
            return Optional.of(new ThresholdState(
                    seenAt,
                    instant(parts[2], seenAt),
                    average(parts[3], seenAt),
                    average(parts[4], seenAt),
                    alert(parts[5], seenAt),
                    alert(parts[6], seenAt),
                    ask(parts[7])));
        } catch (NumberFormatException | IndexOutOfBoundsException | DateTimeException | ArithmeticException e) {
            // Damaged: to start anew is safe, it only waits once more.
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String ago, Instant seenAt) {
        return ago.equals(NONE) ? Optional.empty() : Optional.of(seenAt.minusMillis(Long.parseLong(ago)));
    }

    private static Alert alert(String text, Instant seenAt) {
        String[] parts = text.split(":", -1);
        return new Alert(instant(parts[0], seenAt), instant(parts[1], seenAt), instant(parts[2], seenAt));
    }

    private static MovingAverage average(String text, Instant seenAt) {
        List<MovingAverage.Entry> entries = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String entry : text.split(",", -1)) {
                String[] parts = entry.split(":", -1);
                entries.add(new MovingAverage.Entry(
                        seenAt.minusMillis(Long.parseLong(parts[0])),
                        seenAt.minusMillis(Long.parseLong(parts[1])),
                        Long.parseLong(parts[2]),
                        Double.parseDouble(parts[3])));
            }
        }
        return new MovingAverage(entries);
    }

    private static Optional<Ask> ask(String text) {
        if (text.equals(NONE)) {
            return Optional.empty();
        }
        String[] parts = text.split(":", -1);
        return Optional.of(new Ask(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
    }
}
