package io.micado.simulation;

import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A world whose time passes only when it is told to: {@link #advance} runs everything that falls due, one task after
 * the other in the calling thread, ordered by time and then by the order in which it was handed over. The same seed
 * gives the same run again. Confined to the thread that first uses it; any other one is refused.
 *
 * <pre>{@code
 * VirtualTime time = VirtualTime.seeded(42);
 * SimulatedCluster cluster = SimulatedCluster.create(time);      // lives on the world's time
 * SimulatedCloud cloud = SimulatedCloud.create("sim", time, cluster);
 * VirtualProcess program = time.process();                       // the timekeeper of the program under test
 * time.schedule(Duration.ofHours(1), program::kill);
 * time.advance(Duration.ofDays(7));
 * }</pre>
 *
 * <h2>World and processes</h2>
 * What is scheduled here belongs to the world: clouds, clusters, people. A program under test gets a timekeeper of its
 * own from {@link #process()}; it can be killed while the world goes on. Every process has its own origin of the
 * monotonic clock, and its own offset of the wall clock.
 *
 * <h2>Tasks that take time</h2>
 * {@code schedule} and {@code submit} never run anything; a task runs when the time has come, in no time. A fake that
 * models a slow call says {@link #elapse} in the middle of a task. Nothing else happens meanwhile; instead, that task
 * gets ahead:
 * <ul>
 *   <li>both clocks show the later time to the rest of the task;
 *   <li>what the rest of the task schedules or submits counts from that later time;
 *   <li>its lane of the {@link BoundedExecutor} stays busy until then, so that what waits for a lane waits longer;
 *   <li>when the task is cancelled or its executor is closed before then, as a real one would be interrupted, the lane
 *       is free at once, and what the task submitted to executors, or scheduled on its process, after {@code elapse} is
 *       dropped. After {@link #elapseUninterruptibly} it is not, and the lane stays busy to the end: so does a call that
 *       ignores interruption, whose answer comes late.
 * </ul>
 * Anything that a task does by other means than schedule and submit (fields, queues, calls to a simulated cloud) is
 * seen by all others at once, although the task may be ahead. So a simulated call takes effect first and lets time pass
 * then, which is how a real answer ages on its way. A program should hand results from task to task through its
 * timekeeper, and a task should make one slow call: the effect of a second one is seen before its time.
 *
 * <h2>Failures</h2>
 * What tasks throw is collected, while the others go on, and rethrown at the end as one {@link TaskFailedException},
 * with the seed.
 */
public final class VirtualTime implements Timekeeper {
    private final Timeline timeline;
    private final long seed;
    private final Random random;
    private final LongSupplier latency;
    private final long nanoOrigin;
    private int processes;

    private VirtualTime(Builder b) {
        seed = b.seed;
        timeline = new Timeline(b.start, b.seed, b.shuffle);
        random = new Random(b.seed ^ 0x5DEECE66DL);
        nanoOrigin = arbitraryOrigin();
        long most = nanos(b.maximumLatency);
        latency = most == 0 ? () -> 0 : () -> (long) (random.nextDouble() * most);
    }

    /** {@return a world in which what falls due at the same time runs in the order in which it was handed over} */
    public static VirtualTime create() {
        return builder().build();
    }

    /** {@return a world in which what falls due at the same time runs in an order that this seed decides} */
    public static VirtualTime seeded(long seed) {
        return builder().seed(seed).shuffleSameTime(true).build();
    }

    /** Starts a world. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the seed that makes the same run again} */
    public long seed() {
        return seed;
    }

    /**
     * {@return a source of randomness for one purpose} The seed and the purpose decide it, so that one purpose's use
     * does not shift another's.
     *
     * @param purpose any name, such as {@code boot times}
     */
    public Random random(String purpose) {
        return new Random(seed * 31 + purpose.hashCode());
    }

    /** {@return the world's wall clock; a task that has let time pass sees its own, later time} */
    @Override
    public Instant wallClock() {
        return timeline.start().plusNanos(timeline.localNow());
    }

    /** {@return the world's monotonic clock, with another origin than the wall clock's} */
    @Override
    public long nanoTime() {
        return nanoOrigin + timeline.localNow();
    }

    /** {@return how much time has passed since the start; a task that has let time pass sees its own, later time} */
    public Duration sinceStart() {
        return Duration.ofNanos(timeline.localNow());
    }

    /** Runs a task of the world's own after the delay, whatever becomes of processes. */
    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Objects.requireNonNull(task, "task");
        return timeline.add(nanos(delay), null, () -> timeline.run(null, true, "a timer of the world", task));
    }

    /** Opens an executor of the world's own, which no process's end touches. */
    @Override
    public BoundedExecutor boundedExecutor(String name, int threads) {
        return new VirtualExecutor(timeline, null, name, threads, latency);
    }

    /** {@return the timekeeper of a program, named {@code p1}, {@code p2} and so on} */
    public VirtualProcess process() {
        return process("p" + (processes + 1));
    }

    /** {@return the timekeeper of a program of this name} */
    public VirtualProcess process(String name) {
        processes++;
        return new VirtualProcess(this, timeline, name, arbitraryOrigin());
    }

    /**
     * Lets time pass and runs everything that falls due.
     *
     * @throws TaskFailedException when tasks threw something
     * @throws IllegalStateException when a task calls it
     */
    public void advance(Duration duration) {
        timeline.driveTo(timeline.now() + nanos(duration));
    }

    /** Advances until the world's wall clock shows this time; does nothing when it is past. */
    public void runUntil(Instant wallClock) {
        Duration left = Duration.between(wallClock(), wallClock);
        advance(left.isNegative() ? Duration.ZERO : left);
    }

    /**
     * Advances from event to event until the condition holds; it is looked at first and after every event.
     *
     * @return how long it took
     * @throws IllegalStateException when it does not hold within the limit
     * @throws TaskFailedException when tasks threw something
     */
    public Duration runUntil(BooleanSupplier condition, Duration limit) {
        long start = timeline.now();
        long end = start + nanos(limit);
        while (!condition.getAsBoolean()) {
            if (!timeline.step(end)) {
                timeline.driveTo(end);
                throw new IllegalStateException(
                        "the condition did not come to hold within " + limit + " of virtual time with seed " + seed);
            }
        }
        return Duration.ofNanos(timeline.now() - start);
    }

    /** Advances until the future is done, at most by the time. */
    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) {
        long end = timeline.now() + nanos(atMost);
        while (!future.isDone()) {
            if (!timeline.step(end)) {
                timeline.driveTo(end);
                return future.isDone();
            }
        }
        return true;
    }

    /**
     * Advances until nothing is pending any more, at most by the limit.
     *
     * @return whether nothing is pending; if so, the time is that of the last event
     * @throws TaskFailedException when tasks threw something
     */
    public boolean runUntilIdle(Duration limit) {
        long end = timeline.now() + nanos(limit);
        while (timeline.nextAt() <= end) {
            timeline.step(end);
        }
        if (timeline.isIdle()) {
            return true;
        }
        timeline.driveTo(end);
        return false;
    }

    /**
     * Lets time pass in the middle of a task, as a slow call does; see above for what that means. Outside of any task,
     * for example in a test that calls a slow cloud itself, it advances the time.
     *
     * @throws IllegalStateException in a task that a process handed to {@code schedule}, which must not block
     */
    public void elapse(Duration duration) {
        elapse(duration, true);
    }

    /** Lets time pass as {@link #elapse} does, in a call that does not listen to interruption. */
    public void elapseUninterruptibly(Duration duration) {
        elapse(duration, false);
    }

    private void elapse(Duration duration, boolean interruptibly) {
        Run run = timeline.running();
        if (run != null) {
            if (!duration.isZero()) {
                run.elapse(nanos(duration), interruptibly);
            }
        } else if (!timeline.driving()) {
            advance(duration);
        } else {
            throw new IllegalStateException("time can pass in a task or outside of the drive, not between tasks");
        }
    }

    /** Stops what is left of a killed process, wherever it calls into the world. */
    void ensureCallerLives() {
        Run run = timeline.running();
        VirtualProcess caller = run == null ? null : run.process();
        if (caller != null && !caller.isAlive()) {
            throw new ProcessKilledError(caller.name());
        }
    }

    /** The wall clock of the process whose task is running; the world's when none is. */
    Instant callersWallClock() {
        Run run = timeline.running();
        VirtualProcess caller = run == null ? null : run.process();
        return caller == null ? wallClock() : caller.wallClock();
    }

    LongSupplier latency() {
        return latency;
    }

    private long arbitraryOrigin() {
        return random.nextLong() >> 1;
    }

    /** Nanoseconds of a duration; 73 years for anything longer, zero for anything negative. */
    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.toSeconds() > Long.MAX_VALUE / 4 / 1_000_000_000L ? Long.MAX_VALUE / 4 : duration.toNanos();
    }

    @Override
    public String toString() {
        return "virtual time " + wallClock() + " (seed " + seed + ")";
    }

    /** Collects a {@link VirtualTime}. Not thread-safe; may be reused. */
    public static final class Builder {
        private long seed;
        private boolean shuffle;
        private Duration maximumLatency = Duration.ZERO;
        private Instant start = Instant.parse("2026-01-01T00:00:00Z");

        private Builder() {}

        /** Sets the seed of all randomness; default 0. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Lets the seed decide in which order things run that fall due at the same time; default false: as they were
         * handed over. An executor keeps first come, first served in any case.
         */
        public Builder shuffleSameTime(boolean value) {
            shuffle = value;
            return this;
        }

        /** Lets a task that got its lane start up to this much later, as the seed decides; default zero. */
        public Builder maximumLatency(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("maximumLatency must be 0 or more, got " + value);
            }
            maximumLatency = value;
            return this;
        }

        /** Sets the wall clock's time at the start; default the beginning of 2026, UTC. */
        public Builder startingAt(Instant wallClock) {
            start = Objects.requireNonNull(wallClock, "wallClock");
            return this;
        }

        /** {@return the world} */
        public VirtualTime build() {
            return new VirtualTime(this);
        }
    }
}
