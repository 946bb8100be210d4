package io.micado.http;

import java.util.Map;

/** A request that is refused, with the status and the sentence that the client is told. Thrown and caught on one thread. */
final class HttpProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    @SuppressWarnings("serial") // exceptions are not sent over the wire
    private final Map<String, String> headers;

    HttpProblem(int status, String detail) {
        this(status, detail, Map.of());
    }

    HttpProblem(int status, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    static HttpProblem badRequest(String detail) {
        return new HttpProblem(400, detail);
    }

    static HttpProblem notFound(String detail) {
        return new HttpProblem(404, detail);
    }

    int status() {
        return status;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    Map<String, String> headers() {
        return headers;
    }
}
