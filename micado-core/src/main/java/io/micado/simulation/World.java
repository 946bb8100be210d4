package io.micado.simulation;

import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The time on which a simulated part lives: the whole virtual time even if it was given one process of it, or any other
 * timekeeper as it is. Thread-safe as its timekeeper is.
 */
final class World {
    private final Timekeeper timekeeper;
    private final @Nullable VirtualTime virtual;
    private final long origin;

    private World(Timekeeper timekeeper, @Nullable VirtualTime virtual) {
        this.timekeeper = timekeeper;
        this.virtual = virtual;
        this.origin = timekeeper.nanoTime();
    }

    static World of(Timekeeper timekeeper) {
        if (timekeeper instanceof VirtualProcess process) {
            return new World(process.time(), process.time());
        }
        return new World(timekeeper, timekeeper instanceof VirtualTime time ? time : null);
    }

    Instant wallClock() {
        return timekeeper.wallClock();
    }

    /** The wall clock of the program that calls, which may be set wrong. */
    Instant callersWallClock() {
        return virtual != null ? virtual.callersWallClock() : timekeeper.wallClock();
    }

    /** Nanoseconds since this part was made. */
    long nanos() {
        return timekeeper.nanoTime() - origin;
    }

    Cancellable schedule(Duration delay, Runnable task) {
        return timekeeper.schedule(delay, task);
    }

    void pause(Duration duration) {
        Pauses.pause(timekeeper, duration);
    }

    /** Throws {@link ProcessKilledError} when the caller is what is left of a killed process. */
    void ensureCallerLives() {
        if (virtual != null) {
            virtual.ensureCallerLives();
        }
    }

    /** Randomness for one purpose: of the virtual time's seed, else fixed. */
    Random random(String purpose) {
        return virtual != null ? virtual.random(purpose) : new Random(purpose.hashCode());
    }
}
