package io.micado.internal.loop;

import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the next pass begins: at the regular interval, or soon after something was heard of, but never two at a time
 * and never in a rush. Confined to the loop thread.
 */
final class PassTimer {
    private static final Duration LEAST_GAP = Duration.ofMillis(250);

    private final Duration interval;
    private final Timekeeper time;
    private final SteadyClock clock;
    private final Runnable begin;
    private Instant begunAt = Instant.EPOCH;
    private boolean underWay;
    private boolean wanted;
    private boolean closed;
    private @Nullable Cancellable timer;
    private Instant timerAt = Instant.MAX;

    /**
     * Creates a timer.
     *
     * @param begin begins a pass on the loop thread, from whatever thread it is called
     */
    PassTimer(Duration interval, Timekeeper time, SteadyClock clock, Runnable begin) {
        this.interval = interval;
        this.time = time;
        this.clock = clock;
        this.begin = begin;
    }

    /** A pass begins now. Returns false when one is under way, or none is to be made any more. */
    boolean begins() {
        if (underWay || closed) {
            return false;
        }
        cancelTimer();
        underWay = true;
        wanted = false;
        begunAt = clock.now();
        return true;
    }

    /** The pass has ended. */
    void ended() {
        underWay = false;
        plan(wanted ? begunAt.plus(LEAST_GAP) : begunAt.plus(interval));
    }

    /** Something was heard of: a pass is wanted soon. */
    void wake() {
        wanted = true;
        if (!underWay) {
            plan(begunAt.plus(LEAST_GAP));
        }
    }

    void close() {
        closed = true;
        cancelTimer();
    }

    private void plan(Instant at) {
        if (closed || !at.isBefore(timerAt)) {
            return;
        }
        cancelTimer();
        timerAt = at;
        timer = time.schedule(Duration.between(clock.now(), at), begin);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
        timer = null;
        timerAt = Instant.MAX;
    }
}
