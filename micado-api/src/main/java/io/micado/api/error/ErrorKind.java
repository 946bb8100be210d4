package io.micado.api.error;

/**
 * What kind of failure it was, and with it what may be done next: the engine decides on retries by kind, never by the text
 * of a message. Immutable.
 */
public enum ErrorKind {
    /** The user's input is wrong; a retry cannot help. */
    CONFIGURATION,
    /** The thing that was named does not exist, or no longer does. */
    NOT_FOUND,
    /** The cloud has no capacity of this offering at present; another offering may have. */
    INSUFFICIENT_CAPACITY,
    /** A limit of the account is reached; {@link MicadoException#remainingQuota()} tells what is left where known. */
    QUOTA_EXCEEDED,
    /** Too many requests; {@link MicadoException#retryAfter()} tells when to come back where known. */
    RATE_LIMITED,
    /** The credentials were refused, or they do not allow this. */
    AUTHENTICATION,
    /** Somebody else changed the same thing: read it again, then decide again. */
    CONFLICT,
    /** The request was <em>surely not applied</em> and may be sent again. */
    TRANSIENT,
    /** The request was sent and no answer came: it may or may not have been applied. Never sent again before a list. */
    OUTCOME_UNKNOWN,
    /** This plug-in or this server cannot do that. */
    UNSUPPORTED,
    /** A defect, ours or the server's. */
    INTERNAL;

    /** {@return whether the effect may have happened in spite of the failure} */
    public boolean mayHaveBeenApplied() {
        return this == OUTCOME_UNKNOWN || this == INTERNAL;
    }

    /** {@return whether every other launch on the same cloud would fail in the same way} */
    public boolean concernsWholeCloud() {
        return this == RATE_LIMITED || this == AUTHENTICATION;
    }
}
