package io.micado.simulation;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * The timekeeper of one program that lives in a {@link VirtualTime} and can be killed, suspended, or have its clock set
 * wrong, while the rest of the world goes on. Made by {@link VirtualTime#process()}. Confined to the thread of its
 * virtual time.
 *
 * <p>A task that was handed to {@link #schedule} must not block, as {@link Timekeeper} says: when it lets time pass
 * (because it calls a slow cloud, say), it fails with an {@link IllegalStateException}.
 */
public final class VirtualProcess implements Timekeeper {
    private final VirtualTime time;
    private final Timeline timeline;
    private final String name;
    private final long nanoOrigin;
    private Duration wallClockOffset = Duration.ZERO;
    private long suspendedUntil;
    private boolean alive = true;

    VirtualProcess(VirtualTime time, Timeline timeline, String name, long nanoOrigin) {
        this.time = time;
        this.timeline = timeline;
        this.name = name;
        this.nanoOrigin = nanoOrigin;
    }

    /** {@return the name, for people} */
    public String name() {
        return name;
    }

    /** {@return the world in which it lives} */
    public VirtualTime time() {
        return time;
    }

    /** {@return the world's wall clock, plus the offset of this process} */
    @Override
    public Instant wallClock() {
        return time.wallClock().plus(wallClockOffset);
    }

    /** {@return the monotonic clock, whose origin differs from process to process} */
    @Override
    public long nanoTime() {
        return nanoOrigin + timeline.localNow();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Objects.requireNonNull(task, "task");
        if (!alive) {
            return () -> {};
        }
        return timeline.add(
                VirtualTime.nanos(delay), this, () -> timeline.run(this, false, "a timer of " + name, task));
    }

    @Override
    public BoundedExecutor boundedExecutor(String executorName, int threads) {
        return new VirtualExecutor(timeline, this, executorName, threads, time.latency());
    }

    /** Advances the world until the future is done, at most by the time. */
    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) {
        return time.await(future, atMost);
    }

    /**
     * Sets how far this program's wall clock is ahead of the world's; negative for behind. A change later on is a jump
     * of the clock; the monotonic clock knows nothing of it. Default zero.
     *
     * @return this
     */
    public VirtualProcess wallClockOffset(Duration ahead) {
        wallClockOffset = Objects.requireNonNull(ahead, "ahead");
        return this;
    }

    /**
     * Kills the program as {@code SIGKILL} does: what is pending never happens, and what is scheduled or submitted
     * later through this timekeeper or its executors is dropped silently. A second call does nothing.
     *
     * @throws ProcessKilledError when a task of this very process calls it, directly or through the world: it does not
     *     return
     */
    public void kill() {
        alive = false;
        time.ensureCallerLives();
    }

    /**
     * Stops the program for a while, as a long garbage collection or {@code SIGSTOP} does: what falls due meanwhile
     * happens at the end, in its order. The clocks go on.
     */
    public void suspend(Duration duration) {
        suspendedUntil = Math.max(suspendedUntil, timeline.now() + VirtualTime.nanos(duration));
    }

    /** {@return whether it was not killed} */
    public boolean isAlive() {
        return alive;
    }

    long suspendedUntil() {
        return suspendedUntil;
    }

    @Override
    public String toString() {
        return "process " + name + (alive ? "" : " (killed)");
    }
}
