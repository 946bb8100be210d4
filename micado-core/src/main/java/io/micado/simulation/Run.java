package io.micado.simulation;

import org.jspecify.annotations.Nullable;

/**
 * One task while it runs, with the virtual time that it has let pass. Confined to the thread of its {@link Timeline}.
 */
final class Run {
    private final @Nullable VirtualProcess process;
    private final long start;
    private final boolean mayBlock;
    private long elapsed;
    private boolean deaf;
    private long interruptedAt = Long.MAX_VALUE;

    Run(@Nullable VirtualProcess process, long start, boolean mayBlock) {
        this.process = process;
        this.start = start;
        this.mayBlock = mayBlock;
    }

    @Nullable
    VirtualProcess process() {
        return process;
    }

    /** Lets time pass for this task alone. */
    void elapse(long nanos, boolean interruptibly) {
        if (!mayBlock) {
            throw new IllegalStateException("a task of schedule() must not block: hand it to a bounded executor");
        }
        elapsed = saturated(elapsed + nanos);
        deaf |= !interruptibly;
    }

    long elapsed() {
        return elapsed;
    }

    /** The time as this task sees it. */
    long localNow() {
        return saturated(start + elapsed);
    }

    /** Ends the task at this time, so that what it did later did not happen; tells whether it listened. */
    boolean interrupt(long at) {
        if (deaf) {
            return false;
        }
        interruptedAt = Math.min(interruptedAt, at);
        return true;
    }

    /** Whether the task had been ended before it came to this time of its own. */
    boolean endedBefore(long at) {
        return interruptedAt < at;
    }

    private static long saturated(long sum) {
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
