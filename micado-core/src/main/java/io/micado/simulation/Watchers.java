package io.micado.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Those who want to know that something changed; told soon after, once for any number of changes. Thread-safe. */
final class Watchers {
    private final World world;
    private final List<Runnable> callbacks = new CopyOnWriteArrayList<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile boolean silent;

    Watchers(World world) {
        this.world = world;
    }

    AutoCloseable add(Runnable callback) {
        Runnable own = callback::run; // so that the same one can watch twice and stop once
        callbacks.add(own);
        return () -> callbacks.remove(own);
    }

    void silent(boolean value) {
        silent = value;
    }

    void changed() {
        if (!callbacks.isEmpty() && !silent && due.compareAndSet(false, true)) {
            world.schedule(Duration.ZERO, () -> {
                due.set(false);
                callbacks.forEach(Runnable::run);
            });
        }
    }
}
