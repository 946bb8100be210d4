package io.micado.http;

import io.micado.Micado;
import io.micado.Vitals;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An infrastructure that the server shows: what it remembers of it, and whether its loop makes progress. Thread-safe. */
final class Shown {
    /** How long a loop may make no pass, at least, before it counts as stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Micado micado;
    private final Timeline timeline = new Timeline();
    private final EventLog events = new EventLog();
    private long passes = -1;
    private long passedAt;
    private @Nullable String destruction;

    Shown(Micado micado, long nanoTime) {
        this.micado = micado;
        passedAt = nanoTime;
        micado.addListener(events);
    }

    Micado micado() {
        return micado;
    }

    String name() {
        return micado.name();
    }

    Timeline timeline() {
        return timeline;
    }

    EventLog events() {
        return events;
    }

    /** Looks whether passes were made since the last look, and takes down how things are. */
    void look(long nanoTime) {
        long now = micado.vitals().passes();
        synchronized (this) {
            if (now != passes) {
                passes = now;
                passedAt = nanoTime;
            }
        }
        timeline.record(micado);
    }

    /** {@return for how long no pass was made} */
    synchronized Duration withoutPass(long nanoTime) {
        return Duration.ofNanos(Math.max(0, nanoTime - passedAt));
    }

    /** {@return whether the loop makes no progress} */
    boolean isStuck(long nanoTime) {
        Vitals vitals = micado.vitals();
        Duration most = vitals.passInterval().multipliedBy(6);
        return withoutPass(nanoTime).compareTo(most.compareTo(PATIENCE) > 0 ? most : PATIENCE) > 0;
    }

    /** Takes down that it is being destroyed; {@return whether it was not before} */
    synchronized boolean beginDestruction() {
        if (destruction != null && destruction.isEmpty()) {
            return false;
        }
        destruction = "";
        return true;
    }

    /** Takes down what became of its destruction. */
    synchronized void endDestruction(String outcome) {
        destruction = outcome;
    }

    /** {@return what became of its destruction; empty while that goes on, null when nobody asked for it} */
    synchronized @Nullable String destruction() {
        return destruction;
    }

    void leave() {
        micado.removeListener(events);
    }
}
