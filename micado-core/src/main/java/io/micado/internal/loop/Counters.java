package io.micado.internal.loop;

import io.micado.Vitals;
import io.micado.api.error.ErrorKind;
import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.internal.plan.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts what the engine does. Confined to the loop thread. */
final class Counters {
    private static final List<Double> PASS_SECONDS = List.of(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0);

    private final Map<Kind, Vitals.Tally> tallies = new HashMap<>();
    private final long[] passesByTime = new long[PASS_SECONDS.size()];
    private long passes;
    private double passSeconds;

    /**
     * What is counted.
     *
     * @param name its name
     * @param labels names and values of its labels, in turn
     */
    private record Kind(String name, List<String> labels) {
        Vitals.Tally counted(long count) {
            Map<String, String> named = new HashMap<>();
            for (int i = 0; i < labels.size(); i += 2) {
                named.put(labels.get(i), labels.get(i + 1));
            }
            return new Vitals.Tally(name, named, count);
        }
    }

    void passed(Duration took) {
        double seconds = took.toNanos() / 1e9;
        passes++;
        passSeconds += seconds;
        for (int i = 0; i < passesByTime.length; i++) {
            if (seconds <= PASS_SECONDS.get(i)) {
                passesByTime[i]++;
            }
        }
    }

    void decided(Decision decision) {
        count(
                "decisions",
                "level",
                lower(decision.target().level()),
                "rule",
                lower(decision.binding()),
                "direction",
                direction(decision));
    }

    void done(Action action) {
        count("effects", "effect", words(action));
    }

    void failed(Action action, ErrorKind kind) {
        count("effect_failures", "effect", words(action), "kind", lower(kind));
    }

    void happened(MicadoEvent event) {
        count("events", "type", words(event));
        if (event instanceof MicadoEvent.Warning warning) {
            count("warnings", "code", warning.code());
        }
    }

    long passes() {
        return passes;
    }

    Vitals.PassTimes passTimes() {
        List<Long> counts = new ArrayList<>();
        for (long count : passesByTime) {
            counts.add(count);
        }
        return new Vitals.PassTimes(PASS_SECONDS, counts, passSeconds);
    }

    List<Vitals.Tally> tallies() {
        return List.copyOf(tallies.values());
    }

    private void count(String name, String... labels) {
        tallies.compute(
                new Kind(name, List.of(labels)),
                (kind, before) -> kind.counted(before == null ? 1 : before.count() + 1));
    }

    private static String direction(Decision decision) {
        if (decision.changesSomething()) {
            return decision.to() > decision.from() ? "out" : "in";
        }
        return "none";
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@return the name of a value's type as words: {@code ScaleService} is {@code scale_service}} */
    static String words(Object value) {
        return value.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
