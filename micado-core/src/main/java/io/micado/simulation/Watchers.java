package io.micado.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Those who want to know that something changed; told soon after, once for any number of changes. Thread-safe. */
final class Watchers {
    private final World world;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile boolean silent;

    Watchers(World world) {
        this.world = world;
    }

    AutoCloseable add(Runnable callback) {
        Watch watch = new Watch(callback);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    void silent(boolean value) {
        silent = value;
    }

    void changed() {
        if (!watches.isEmpty() && !silent && due.compareAndSet(false, true)) {
            world.schedule(Duration.ZERO, () -> {
                due.set(false);
                watches.forEach(watch -> watch.callback.run());
            });
        }
    }

    /** One watch; not a record, so that the same callback can watch twice and stop once. */
    private static final class Watch {
        private final Runnable callback;

        private Watch(Runnable callback) {
            this.callback = callback;
        }
    }
}
