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
    /** The least gap for what may be heard of at any rate. */
    private static final Duration GENTLE_GAP = Duration.ofSeconds(1);

    private final Duration interval;
    private final Timekeeper time;
    private final SteadyClock clock;
    private final Runnable begin;
    private Instant begunAt = Instant.EPOCH;
    private boolean underWay;
    /** When a pass is wanted, if before its time. */
    private Instant wantedAt = Instant.MAX;

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
        wantedAt = Instant.MAX;
        begunAt = clock.now();
        return true;
    }

    /** The pass has ended. */
    void ended() {
        underWay = false;
        plan(earlier(wantedAt, begunAt.plus(interval)));
    }

    /** Something was heard of: a pass is wanted at once. */
    void wake() {
        want(begunAt.plus(LEAST_GAP));
    }

    /** Something was heard of that may come at any rate: a pass is wanted soon, for such reasons at most one a second. */
    void soon() {
        want(begunAt.plus(GENTLE_GAP));
    }

    private void want(Instant at) {
        wantedAt = earlier(wantedAt, at);
        if (!underWay) {
            plan(wantedAt);
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
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
