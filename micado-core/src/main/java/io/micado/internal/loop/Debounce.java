package io.micado.internal.loop;

import io.micado.api.time.Timekeeper;
import java.time.Duration;

/**
 * Passes calls on at a bearable rate: the first one at once, and all that come within a period after it as one at its end.
 * Thread-safe.
 */
final class Debounce implements Runnable {
    private final Timekeeper time;
    private final Duration period;
    private final Runnable then;
    // Guarded by this.
    private boolean resting;
    private boolean calledAgain;

    /**
     * Creates one.
     *
     * @param period how long after a call the next one is passed on at the earliest
     * @param then what to call, from any thread; must not block
     */
    Debounce(Timekeeper time, Duration period, Runnable then) {
        this.time = time;
        this.period = period;
        this.then = then;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (resting) {
                calledAgain = true;
                return;
            }
            resting = true;
        }
        passOn();
    }

    private void passOn() {
        then.run();
        time.schedule(period, this::rested);
    }

    private void rested() {
        synchronized (this) {
            if (!calledAgain) {
                resting = false;
                return;
            }
            calledAgain = false;
        }
        passOn();
    }
}
