package io.micado.provider.http;

import io.micado.api.error.ErrorKind;

/**
 * What a status means where the other side says nothing more exact. Called by {@link HttpResponse} and by the plug-ins' own readings
 * of errors, on any thread. Not instantiable.
 */
final class HttpStatus {
    private HttpStatus() {}

    /**
     * {@return the kind of a failure}
     *
     * @param status 300 or more
     * @param safe whether the request only read; a gateway's or a server's failure may otherwise have come after the effect
     */
    static ErrorKind kindOf(int status, boolean safe) {
        return switch (status) {
            case 401, 403, 407 -> ErrorKind.AUTHENTICATION;
            case 402 -> ErrorKind.QUOTA_EXCEEDED;
            case 404, 410 -> ErrorKind.NOT_FOUND;
            case 405, 406, 415, 501, 505 -> ErrorKind.UNSUPPORTED;
            case 408 -> ErrorKind.TRANSIENT;
            case 409, 412, 423, 428 -> ErrorKind.CONFLICT;
            case 429 -> ErrorKind.RATE_LIMITED;
            case 502, 503, 504 -> safe ? ErrorKind.TRANSIENT : ErrorKind.OUTCOME_UNKNOWN;
            default -> status < 400 || status >= 500 ? ErrorKind.INTERNAL : ErrorKind.CONFIGURATION;
        };
    }
}
