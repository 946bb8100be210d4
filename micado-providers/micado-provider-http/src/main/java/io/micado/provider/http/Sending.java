package io.micado.provider.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How far one call has come, decided once for both sides: the thread that sends it, and the one that waits and may give up.
 * Thread-safe.
 */
final class Sending {
    private enum Phase {
        WAITING,
        SENT,
        GIVEN_UP
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);

    /** Notes that the first byte is about to go out; fails when the caller has given up, and when it has been sent before. */
    void begin() throws IOException {
        if (!phase.compareAndSet(Phase.WAITING, Phase.SENT)) {
            throw new IOException("given up before it was sent, or sent before");
        }
    }

    /** Gives up: what has not been sent by now never will be. */
    void giveUp() {
        phase.compareAndSet(Phase.WAITING, Phase.GIVEN_UP);
    }

    /** {@return whether the request may have reached the other side} */
    boolean mayHaveArrived() {
        return phase.get() == Phase.SENT;
    }
}
