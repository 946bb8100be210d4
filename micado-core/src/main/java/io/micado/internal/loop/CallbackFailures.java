package io.micado.internal.loop;

import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.time.Timekeeper;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells once that a callback of the host program fails, and again only after it has answered in between. Confined to the loop thread. */
final class CallbackFailures {
    private final String code;
    private final String meanwhile;
    private final Timekeeper time;
    private final Consumer<MicadoEvent> events;
    private boolean failing;

    /**
     * Creates one.
     *
     * @param code the event's code
     * @param meanwhile what holds as long as it fails, for people
     */
    CallbackFailures(String code, String meanwhile, Timekeeper time, Consumer<MicadoEvent> events) {
        this.code = code;
        this.meanwhile = meanwhile;
        this.time = time;
        this.events = events;
    }

    void note(@Nullable MicadoException error) {
        if (error != null && !failing) {
            events.accept(new MicadoEvent.Warning(time.wallClock(), code, error.getMessage() + "; " + meanwhile));
        }
        failing = error != null;
    }
}
