package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.MicadoException;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.docker.EngineEvents;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Follows the events of one manager after the other and calls back, at most ten times a second, when something changed;
 * opened by {@link SwarmCluster#watch}. Thread-safe. Reads on one thread of its own, calls back on the timekeeper's,
 * and connects again with a growing pause as long as it is open. Every new connection calls back once, for what was
 * missed.
 */
final class SwarmWatch implements AutoCloseable {
    private static final Duration COALESCE = Duration.ofMillis(100);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Map<String, List<String>> FILTERS = Map.of(
            "type", List.of("service", "node", "container"),
            // Not the others: health checks alone would make several events a second for each container.
            "event", List.of("create", "update", "remove", "start", "die"));

    private final Managers managers;
    private final Timekeeper timekeeper;
    private final Runnable changed;
    private final Logger log;
    private final BoundedExecutor executor;

    // Guarded by this.
    private Duration pause = SHORTEST_PAUSE;
    private String since = "";
    private boolean callbackDue;
    private boolean closed;
    private @Nullable EngineEvents reading;
    private @Nullable Cancellable timer;

    SwarmWatch(Managers managers, Timekeeper timekeeper, Runnable changed, Logger log) {
        this.managers = managers;
        this.timekeeper = timekeeper;
        this.changed = changed;
        this.log = log;
        executor = timekeeper.boundedExecutor("swarm events", 1);
        executor.submit(this::follow);
    }

    private void follow() {
        try {
            EngineEvents events = new EngineEvents(managers.current(), FILTERS);
            String from = beginReading(events);
            if (from == null) {
                return;
            }
            events.read(from, this::connected, this::event);
        } catch (MicadoException e) {
            lost(e);
        }
        readAgainLater();
    }

    private synchronized @Nullable String beginReading(EngineEvents events) {
        if (closed) {
            return null;
        }
        reading = events;
        return since;
    }

    private synchronized void connected() {
        pause = SHORTEST_PAUSE;
        callBackSoon();
    }

    private synchronized void event(JsonNode event) {
        long nanos = event.path("timeNano").asLong();
        if (nanos > 0) {
            // From just after this one, so that it is not told twice.
            since = String.format(Locale.ROOT, "%d.%09d", (nanos + 1) / 1_000_000_000L, (nanos + 1) % 1_000_000_000L);
        }
        callBackSoon();
    }

    private synchronized void lost(MicadoException failure) {
        if (closed) {
            return;
        }
        if (pause.equals(SHORTEST_PAUSE)) {
            log.warn("The Swarm's events are lost for now; passes go on at their interval: {}", failure.getMessage());
        }
    }

    private synchronized void readAgainLater() {
        if (closed) {
            return;
        }
        timer = timekeeper.schedule(pause, () -> executor.submit(this::follow));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private synchronized void callBackSoon() {
        if (!callbackDue && !closed) {
            callbackDue = true;
            timekeeper.schedule(COALESCE, this::callBack);
        }
    }

    private void callBack() {
        synchronized (this) {
            callbackDue = false;
            if (closed) {
                return;
            }
        }
        try {
            changed.run();
        } catch (RuntimeException e) {
            log.warn("A listener for changes of the Swarm failed", e);
        }
    }

    /** Ends the calls. A second call does nothing. */
    @Override
    public void close() {
        EngineEvents open;
        Cancellable waiting;
        synchronized (this) {
            closed = true;
            open = reading;
            waiting = timer;
        }
        if (waiting != null) {
            waiting.cancel();
        }
        executor.close();
        if (open != null) {
            open.close();
        }
    }
}
