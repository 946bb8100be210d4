package io.micado.provider.jclouds;

import java.io.IOException;

/**
 * A request that no whole answer came to. Thrown by {@link GuardedHttp}, caught by {@link CloudErrors}. Immutable but for the stack trace.
 */
final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean login;
    private final IOException failure;

    /**
     * @param request method and path
     * @param login whether it was the request for a token, so that the request proper was not sent
     */
    NoAnswer(String request, boolean login, IOException cause) {
        super(request + " has no answer: " + cause.getMessage(), cause);
        this.failure = cause;
        this.login = login;
    }

    boolean login() {
        return login;
    }

    IOException failure() {
        return failure;
    }
}
