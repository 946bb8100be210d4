package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.util.Optional;

/** What the error answers of one kind of cloud mean. Stateless; called by {@link CloudErrors}. */
interface ErrorTable {

    /**
     * {@return the kind, with a message that holds what the cloud said, and with what remains of the quota where it tells}
     *
     * @param changes whether the request would have changed something on the cloud
     */
    MicadoException meaning(Refusal refusal, boolean changes);

    /**
     * {@return the meaning of a failure that is no answer of the cloud; empty when it is not known}
     *
     * @param changes whether the request would have changed something on the cloud
     */
    default Optional<MicadoException> otherThan(RuntimeException failure, boolean changes) {
        return Optional.empty();
    }

    /** {@return what a status means where the cloud says no more than that} */
    static ErrorKind kindOf(int status, boolean changes) {
        return switch (status) {
            case 401, 403 -> ErrorKind.AUTHENTICATION;
            case 404, 410 -> ErrorKind.NOT_FOUND;
            case 409, 412 -> ErrorKind.CONFLICT;
            case 429 -> ErrorKind.RATE_LIMITED;
            case 405, 501 -> ErrorKind.UNSUPPORTED;
            case 408 -> changes ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT;
            // A server that fails has perhaps done its work before.
            default ->
                status >= 500 ? (changes ? ErrorKind.OUTCOME_UNKNOWN : ErrorKind.TRANSIENT) : ErrorKind.CONFIGURATION;
        };
    }
}
