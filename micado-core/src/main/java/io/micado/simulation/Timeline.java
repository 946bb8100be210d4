package io.micado.simulation;

import io.micado.api.time.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The events of one virtual time in the order in which they happen; the engine room of {@link VirtualTime}. Confined to
 * the thread that first uses it.
 *
 * <p>All times are nanoseconds since the start. An event happens at {@link #now}; a task that has called
 * {@link VirtualTime#elapse} is ahead of that, so what it does counts from {@link #localNow()}.
 */
final class Timeline {
    private static final int FAILURES_KEPT = 20;

    private final PriorityQueue<Event> queue = new PriorityQueue<>(Timeline::inOrder);
    private final List<Throwable> failures = new ArrayList<>();
    private final Instant start;
    private final long seed;
    private final boolean shuffle;
    private final Random ties;

    private long now;
    private long sequence;
    private int failureCount;
    private String firstFailure = "";
    private @Nullable Run running;
    private boolean driving;
    private @Nullable Thread owner;

    Timeline(Instant start, long seed, boolean shuffle) {
        this.start = start;
        this.seed = seed;
        this.shuffle = shuffle;
        this.ties = new Random(seed);
    }

    /** The time of the event that happens now. */
    long now() {
        return now;
    }

    /** The time as the running task sees it: the event's, plus what it has let elapse. */
    long localNow() {
        return running == null ? now : running.localNow();
    }

    @Nullable
    Run running() {
        return running;
    }

    boolean driving() {
        return driving;
    }

    Instant start() {
        return start;
    }

    /** Adds an event that happens after the delay, counted from the running task's own time. */
    Event add(long delay, @Nullable VirtualProcess process, Runnable body) {
        ensureOwner();
        Event event = new Event(
                saturatedSum(localNow(), Math.max(0, delay)),
                shuffle ? ties.nextInt() : 0,
                sequence++,
                process,
                origin(),
                body);
        queue.add(event);
        return event;
    }

    /**
     * Adds an event that happens after the delay, counted from the event that happens now, whichever task is running.
     */
    void addNow(long delay, @Nullable VirtualProcess process, Runnable body) {
        ensureOwner();
        queue.add(new Event(
                saturatedSum(now, delay), shuffle ? ties.nextInt() : 0, sequence++, process, Origin.NOWHERE, body));
    }

    /**
     * Where something comes from that is handed over now: the running task of a process at its own time, or nowhere.
     */
    Origin origin() {
        return running == null ? Origin.NOWHERE : new Origin(running, running.localNow());
    }

    /** Runs a task as the given process; what it throws is kept for {@link #throwFailures}. */
    Run run(@Nullable VirtualProcess process, boolean mayBlock, String where, Runnable task) {
        Run run = new Run(process, now, mayBlock);
        running = run;
        try {
            task.run();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) { // whatever a task throws has to reach whoever drives the time
            if (process == null || process.isAlive()) { // nobody hears a killed process
                fail(e, where);
            }
        } finally {
            running = null;
        }
        return run;
    }

    /** Lets everything happen that is due until then, in order, and sets the time to it. */
    void driveTo(long target) {
        drive(() -> {
            while (happenNext(target)) {
                // the event did its work
            }
            now = Math.max(now, target);
        });
    }

    /** Lets the next thing happen if it is due until then. */
    boolean step(long target) {
        boolean[] happened = new boolean[1];
        drive(() -> happened[0] = happenNext(target));
        return happened[0];
    }

    boolean isIdle() {
        discardDead();
        return queue.isEmpty();
    }

    /** When the next event happens; {@link Long#MAX_VALUE} for never. */
    long nextAt() {
        discardDead();
        Event next = queue.peek();
        return next == null ? Long.MAX_VALUE : next.at;
    }

    /** By time, then as chance has it, then as handed over. */
    private static int inOrder(Event a, Event b) {
        if (a.at != b.at) {
            return Long.compare(a.at, b.at);
        }
        return a.tie != b.tie ? Integer.compare(a.tie, b.tie) : Long.compare(a.sequence, b.sequence);
    }

    private boolean happenNext(long target) {
        discardDead();
        Event event = queue.peek();
        if (event == null || event.at > target) {
            return false;
        }
        queue.remove();
        now = event.at;
        if (event.process != null && event.process.suspendedUntil() > now) {
            event.at = event.process.suspendedUntil();
            queue.add(event);
        } else {
            event.happened = true;
            event.body.run();
        }
        return true;
    }

    private void discardDead() {
        Event event = queue.peek();
        while (event != null && event.isDead()) {
            queue.remove();
            event = queue.peek();
        }
    }

    private void drive(Runnable work) {
        ensureOwner();
        if (driving) {
            throw new IllegalStateException(
                    "a task must not drive the virtual time that it runs in; call elapse() to let time pass in a task");
        }
        driving = true;
        try {
            work.run();
        } finally {
            driving = false;
        }
        throwFailures();
    }

    private void fail(Throwable failure, String where) {
        if (failureCount++ == 0) {
            firstFailure = where + " at " + start.plusNanos(now) + " (" + Duration.ofNanos(now) + " after the start)";
        }
        if (failures.size() < FAILURES_KEPT) {
            failures.add(failure);
        }
    }

    private void throwFailures() {
        if (failures.isEmpty()) {
            return;
        }
        TaskFailedException exception = new TaskFailedException(
                (failureCount == 1 ? "a task" : failureCount + " tasks") + " failed in virtual time with seed " + seed
                        + ", the first: " + firstFailure + ": " + failures.get(0),
                failures.get(0));
        failures.stream().skip(1).forEach(exception::addSuppressed);
        failures.clear();
        failureCount = 0;
        throw exception;
    }

    private void ensureOwner() {
        Thread current = Thread.currentThread();
        if (owner == null) {
            owner = current;
        } else if (owner != current) {
            throw new IllegalStateException("virtual time belongs to thread \"" + owner.getName()
                    + "\" alone, but thread \"" + current.getName() + "\" used it");
        }
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** One thing that is to happen. */
    static final class Event implements Cancellable {
        private long at;
        private final int tie;
        private final long sequence;
        private final @Nullable VirtualProcess process;
        private final Origin origin;
        private final Runnable body;
        private boolean cancelled;
        private boolean happened;

        private Event(long at, int tie, long sequence, @Nullable VirtualProcess process, Origin origin, Runnable body) {
            this.at = at;
            this.tie = tie;
            this.sequence = sequence;
            this.process = process;
            this.origin = origin;
            this.body = body;
        }

        @Override
        public void cancel() {
            cancelled = !happened;
        }

        private boolean isDead() {
            return cancelled || (process != null && (!process.isAlive() || origin.isCancelled()));
        }
    }
}
