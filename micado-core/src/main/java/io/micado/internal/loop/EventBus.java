package io.micado.internal.loop;

import io.micado.api.event.MicadoEvent;
import io.micado.api.event.MicadoListener;
import io.micado.api.time.BoundedExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings events to listeners on a thread of their own, and drops the oldest when they cannot keep up. Thread-safe. */
public final class EventBus {
    private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);
    private static final int WAITING = 10_000;

    private final BoundedExecutor executor;
    private final List<MicadoListener> listeners = new CopyOnWriteArrayList<>();
    private final Deque<MicadoEvent> waiting = new ArrayDeque<>();
    private boolean delivering;
    private long dropped;

    /** Creates a bus that calls listeners on this executor, which has one thread. */
    public EventBus(BoundedExecutor executor) {
        this.executor = executor;
    }

    /** Adds a listener. */
    public void add(MicadoListener listener) {
        listeners.add(listener);
    }

    /** Removes a listener; it may hear what is being delivered now. */
    public void remove(MicadoListener listener) {
        listeners.remove(listener);
    }

    /** Hands an event over and returns at once. */
    public synchronized void publish(MicadoEvent event) {
        if (waiting.size() == WAITING) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.addLast(event);
        if (!delivering) {
            delivering = true;
            executor.submit(this::deliver);
        }
    }

    private void deliver() {
        for (MicadoEvent event = next(); event != null; event = next()) {
            for (MicadoListener listener : listeners) {
                try {
                    listener.onEvent(event);
                } catch (RuntimeException | Error e) {
                    LOG.warn(
                            "a listener failed at \"{}\"; the other listeners and the engine go on",
                            event.message(),
                            e);
                }
            }
        }
    }

    private synchronized @Nullable MicadoEvent next() {
        if (dropped > 0) {
            LOG.warn("listeners are too slow: {} events were dropped, the oldest first", dropped);
            dropped = 0;
        }
        MicadoEvent event = waiting.pollFirst();
        delivering = event != null;
        return event;
    }
}
