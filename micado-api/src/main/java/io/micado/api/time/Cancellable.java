package io.micado.api.time;

/** A handle of something that was scheduled or submitted. Thread-safe. */
@FunctionalInterface
public interface Cancellable {

    /** Keeps it from running; one that runs already is interrupted. Does nothing when it has ended. */
    void cancel();
}
