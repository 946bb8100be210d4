package io.micado.internal.loop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what plug-ins warn of, on whatever thread, and hands it to the engine that runs; before it does, the latest ones wait. Thread-safe.
 */
public final class PluginWarnings {
    private static final int WAITING = 100;

    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable Consumer<String> listener;

    /** Creates it, without anybody who listens. */
    public PluginWarnings() {}

    /** Hands a warning over and returns at once. */
    public synchronized void add(String warning) {
        if (listener != null) {
            listener.accept(warning);
            return;
        }
        waiting.addLast(warning);
        if (waiting.size() > WAITING) {
            waiting.removeFirst();
        }
    }

    /** Hands over what waits, and from now on everything. */
    synchronized void listen(Consumer<String> to) {
        listener = to;
        waiting.forEach(to);
        waiting.clear();
    }
}
