package io.micado.simulation;

/**
 * Tells whoever drives a {@link VirtualTime} that tasks threw something: the message names the first one, when it was,
 * and the seed with which it happens again; the first is the cause, the others are suppressed. Immutable but for the
 * stack trace.
 */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskFailedException(String message, Throwable first) {
        super(message, first);
    }
}
