package io.micado.provider.jclouds;

import java.util.Map;
import java.util.Optional;

/**
 * An answer of a cloud with an error status, before anybody has said what it means. Thrown by {@link KeepRefusal} through jclouds, caught by
 * {@link CloudErrors}. Immutable.
 *
 * <p>It holds nothing of the request but its method and path: what was sent may hold credentials and user data.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean login;

    @SuppressWarnings("serial") // never sent over the wire
    private final Map<String, String> headers;

    private final String body;

    /**
     * @param request method and path
     * @param login whether it was the request for a token, so that the request proper was not sent
     * @param headers the headers of the answer, their names in lower case
     */
    Refusal(String request, boolean login, int status, Map<String, String> headers, String body) {
        super(request + " was answered with status " + status);
        this.login = login;
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    int status() {
        return status;
    }

    boolean login() {
        return login;
    }

    String body() {
        return body;
    }

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
