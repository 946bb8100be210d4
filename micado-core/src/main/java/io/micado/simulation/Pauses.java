package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Waiting on any timekeeper: for fakes that model slow calls, and for plain code that polls. Called on any thread that
 * may block. Not instantiable.
 */
public final class Pauses {

    private Pauses() {}

    /**
     * Waits for as long as the duration says: on virtual time as {@link VirtualTime#elapse} does, on any other
     * timekeeper by blocking the calling thread.
     *
     * @throws MicadoException of kind {@code OUTCOME_UNKNOWN} when the thread is interrupted meanwhile; it stays
     *     interrupted
     */
    public static void pause(Timekeeper timekeeper, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            return;
        }
        if (timekeeper instanceof VirtualTime time) {
            time.elapse(duration);
        } else if (timekeeper instanceof VirtualProcess process) {
            process.time().elapse(duration);
        } else {
            block(timekeeper, duration);
        }
    }

    private static void block(Timekeeper timekeeper, Duration duration) {
        CountDownLatch over = new CountDownLatch(1);
        Cancellable timer = timekeeper.schedule(duration, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            timer.cancel();
            Thread.currentThread().interrupt();
            throw new MicadoException(ErrorKind.OUTCOME_UNKNOWN, "interrupted while waiting for an answer", e);
        }
    }
}
