package io.micado.http;

import io.micado.Micado;
import io.micado.telemetry.Progress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An infrastructure that the server shows: what it remembers of it, and whether its loop makes progress. Thread-safe. */
final class Shown {
    private final Micado micado;
    private final Timeline timeline = new Timeline();
    private final EventLog events = new EventLog();
    private final Progress progress;
    private @Nullable String destruction;

    Shown(Micado micado, long nanoTime) {
        this.micado = micado;
        progress = new Progress(nanoTime);
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
        progress.look(micado.vitals(), nanoTime);
        timeline.record(micado);
    }

    /** {@return what watches whether its loop makes passes} */
    Progress progress() {
        return progress;
    }

    /** {@return for how long no pass was made} */
    Duration withoutPass(long nanoTime) {
        return progress.withoutPass(nanoTime);
    }

    /** {@return whether the loop makes no progress} */
    boolean isStuck(long nanoTime) {
        return progress.isStuck(micado.vitals(), nanoTime);
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
