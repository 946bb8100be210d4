package io.micado.provider.http;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request to make: method, place, headers, body, and what of it must never be shown. Made by a plug-in, sent by {@link HttpClient}.
 * Immutable; {@link #toString()} shows the method and the place, without secret values.
 *
 * <pre>{@code
 * HttpRequest.post("/servers/{}/action/", uuid).query("do", "start").deadline(Duration.ofSeconds(20))
 * }</pre>
 */
public final class HttpRequest {
    private final String method;
    private final String target;
    private final List<Query> query;
    private final List<Header> headers;
    private final @Nullable Body body;
    private final List<String> hidden;
    private final @Nullable Duration deadline;
    private final @Nullable BodyReader reader;

    private HttpRequest(
            String method,
            String target,
            List<Query> query,
            List<Header> headers,
            @Nullable Body body,
            List<String> hidden,
            @Nullable Duration deadline,
            @Nullable BodyReader reader) {
        this.method = method;
        this.target = target;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.hidden = hidden;
        this.deadline = deadline;
        this.reader = reader;
    }

    /**
     * {@return a request that reads}
     *
     * @param path the path below the client's endpoint, with {@code {}} where a segment is to be filled in
     * @param segments what fills them, encoded as needed
     */
    public static HttpRequest get(String path, String... segments) {
        return of("GET", path, segments);
    }

    /** {@return a request that makes or does something; path and segments as of {@link #get}} */
    public static HttpRequest post(String path, String... segments) {
        return of("POST", path, segments);
    }

    /** {@return a request that replaces something; path and segments as of {@link #get}} */
    public static HttpRequest put(String path, String... segments) {
        return of("PUT", path, segments);
    }

    /** {@return a request that deletes something; path and segments as of {@link #get}} */
    public static HttpRequest delete(String path, String... segments) {
        return of("DELETE", path, segments);
    }

    /** {@return a request that reads at a full address; credentials go along only if it is of the client's endpoint} */
    public static HttpRequest get(URI address) {
        return of("GET", address.toString());
    }

    /** {@return a request that makes or does something at a full address; credentials as of {@link #get(URI)}} */
    public static HttpRequest post(URI address) {
        return of("POST", address.toString());
    }

    /** {@return a request that deletes something at a full address; credentials as of {@link #get(URI)}} */
    public static HttpRequest delete(URI address) {
        return of("DELETE", address.toString());
    }

    private static HttpRequest of(String method, String path, String... segments) {
        return new HttpRequest(method, filled(path, segments), List.of(), List.of(), null, List.of(), null, null);
    }

    private static String filled(String path, String... segments) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (String segment : segments) {
            int gap = path.indexOf("{}", from);
            if (gap < 0) {
                throw new IllegalArgumentException("more segments than {} in " + path);
            }
            filled.append(path, from, gap).append(encoded(segment));
            from = gap + 2;
        }
        String rest = path.substring(from);
        if (rest.contains("{}")) {
            throw new IllegalArgumentException("fewer segments than {} in " + path);
        }
        return filled.append(rest).toString();
    }

    private static String encoded(String segment) {
        if (segment.isBlank() || segment.equals(".") || segment.equals("..")) {
            // Ids come from the other side: one like this would lead to another place.
            throw new MicadoException(ErrorKind.INTERNAL, "\"" + segment + "\" cannot be an id in a path");
        }
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** {@return a copy with one more parameter in the query} */
    public HttpRequest query(String name, Object value) {
        return withQuery(new Query(name, value.toString(), false), List.of());
    }

    /** {@return a copy with one more parameter in the query, whose value is never shown} */
    public HttpRequest query(String name, Secret value) {
        String plain = value.reveal();
        return withQuery(new Query(name, plain, true), List.of(plain));
    }

    private HttpRequest withQuery(Query one, List<String> alsoHidden) {
        return new HttpRequest(
                method, target, plus(query, List.of(one)), headers, body, plus(hidden, alsoHidden), deadline, reader);
    }

    /** {@return a copy with one more header, which is never logged} */
    public HttpRequest header(String name, String value) {
        return new HttpRequest(
                method, target, query, plus(headers, List.of(new Header(name, value))), body, hidden, deadline, reader);
    }

    /** {@return a copy with this body, in UTF-8} */
    public HttpRequest body(String contentType, String text) {
        return body(contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return a copy with this body} */
    public HttpRequest body(String contentType, byte[] bytes) {
        Body with = new Body(contentType, bytes.clone());
        return new HttpRequest(method, target, query, headers, with, hidden, deadline, reader);
    }

    /**
     * {@return a copy that knows of a text in its headers or body that must not be shown, should an answer quote it}
     *
     * @param text the text, as it is and not as it is encoded for transport
     */
    public HttpRequest hiding(String text) {
        return new HttpRequest(method, target, query, headers, body, plus(hidden, List.of(text)), deadline, reader);
    }

    /** {@return a copy that has to be answered within this time, from the call to the last byte; default the client's} */
    public HttpRequest deadline(Duration value) {
        return new HttpRequest(
                method, target, query, headers, body, hidden, Objects.requireNonNull(value, "value"), reader);
    }

    /**
     * {@return a copy whose answer, if its status is 200 to 299, is read piece by piece and kept nowhere} Its {@link HttpResponse} has no body
     * then, and the client's bound on the size of answers does not hold: the reader has one of its own.
     *
     * @param value called once at most, on a thread of the client, perhaps still when the call has been given up
     */
    public HttpRequest reading(BodyReader value) {
        return new HttpRequest(
                method, target, query, headers, body, hidden, deadline, Objects.requireNonNull(value, "value"));
    }

    /** {@return whether it only reads, so that a failure surely changed nothing} */
    public boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD");
    }

    String method() {
        return method;
    }

    /** {@return the path below the endpoint, or a full address} */
    String target() {
        return target;
    }

    List<Query> query() {
        return query;
    }

    List<Header> headers() {
        return headers;
    }

    Optional<Body> body() {
        return Optional.ofNullable(body);
    }

    List<String> hidden() {
        return hidden;
    }

    Optional<BodyReader> reader() {
        return Optional.ofNullable(reader);
    }

    Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public String toString() {
        return method + " " + target;
    }

    private static <T> List<T> plus(List<T> some, List<T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    /**
     * A parameter of the query.
     *
     * @param name its name
     * @param value its value
     * @param secret whether the value is never shown
     */
    record Query(String name, String value, boolean secret) {
        @Override
        public String toString() {
            return name + "=" + (secret ? Redaction.SHOWN : value);
        }
    }

    /**
     * A header.
     *
     * @param name its name
     * @param value its value
     */
    record Header(String name, String value) {
        @Override
        public String toString() {
            return "header " + name;
        }
    }

    /**
     * A body.
     *
     * @param contentType its media type
     * @param bytes its content
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and copied where it comes in
    record Body(String contentType, byte[] bytes) {
        @Override
        public String toString() {
            return bytes.length + " bytes of " + contentType;
        }
    }
}
