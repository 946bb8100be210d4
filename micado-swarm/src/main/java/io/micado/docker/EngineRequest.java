package io.micado.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One request to a Docker Engine: method, path without the API version, query, body, and a deadline of its own if it
 * needs one. Built by callers of {@link DockerEngine}. Immutable; {@link #toString()} shows neither query nor body,
 * which may hold secrets.
 */
public final class EngineRequest {
    private static final String GET = "GET";

    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final @Nullable InputStream body;
    private final String contentType;
    private final @Nullable Duration deadline;

    private EngineRequest(
            String method,
            String path,
            Map<String, String> query,
            @Nullable InputStream body,
            String contentType,
            @Nullable Duration deadline) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.body = body;
        this.contentType = contentType;
        this.deadline = deadline;
    }

    /** {@return a request that reads; each {@code {}} in the path is replaced by the next argument, encoded} */
    public static EngineRequest get(String path, Object... arguments) {
        return of(GET, path, arguments);
    }

    /**
     * {@return a request that changes something; each {@code {}} in the path is replaced by the next argument, encoded}
     */
    public static EngineRequest post(String path, Object... arguments) {
        return of("POST", path, arguments);
    }

    /**
     * {@return a request that puts something; each {@code {}} in the path is replaced by the next argument, encoded}
     */
    public static EngineRequest put(String path, Object... arguments) {
        return of("PUT", path, arguments);
    }

    /** {@return a request that deletes; each {@code {}} in the path is replaced by the next argument, encoded} */
    public static EngineRequest delete(String path, Object... arguments) {
        return of("DELETE", path, arguments);
    }

    private static EngineRequest of(String method, String path, Object... arguments) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (Object argument : arguments) {
            int at = path.indexOf("{}", from);
            if (at < 0) {
                throw new IllegalArgumentException("more arguments than {} in " + path);
            }
            filled.append(path, from, at).append(encodeSegment(argument.toString()));
            from = at + 2;
        }
        return new EngineRequest(
                method, filled.append(path, from, path.length()).toString(), Map.of(), null, "", null);
    }

    /** {@return a copy with one more parameter in its query} */
    public EngineRequest query(String key, Object value) {
        Map<String, String> more = new TreeMap<>(query);
        more.put(key, value.toString());
        return new EngineRequest(method, path, more, body, contentType, deadline);
    }

    /** {@return a copy with Docker's {@code filters} parameter} */
    public EngineRequest filters(Map<String, List<String>> filters) {
        return query("filters", DockerJson.MAPPER.valueToTree(filters).toString());
    }

    /** {@return a copy with this JSON as its body} */
    public EngineRequest json(JsonNode json) {
        return body(DockerJson.stream(json), "application/json");
    }

    /** {@return a copy that sends a tar archive; the stream can be read once only} */
    public EngineRequest tar(InputStream archive) {
        return body(archive, "application/x-tar");
    }

    /** {@return a copy that may take this long instead of the connection's deadline} */
    public EngineRequest within(Duration value) {
        Objects.requireNonNull(value, "value");
        return new EngineRequest(method, path, query, body, contentType, value);
    }

    private EngineRequest body(InputStream value, String type) {
        // A stream on purpose: docker-java's HTTP client sends a request once more after a 503, unless its body can be
        // read only once.
        return new EngineRequest(method, path, query, value, type, deadline);
    }

    String method() {
        return method;
    }

    @Nullable
    InputStream body() {
        return body;
    }

    String contentType() {
        return contentType;
    }

    Duration deadlineOr(Duration defaultDeadline) {
        return deadline == null ? defaultDeadline : deadline;
    }

    boolean changesSomething() {
        return !method.equals(GET);
    }

    /** {@return path and query under this version of the API} */
    String target(String apiPrefix) {
        String parameters = query.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return apiPrefix + path + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    /** {@return method and path, for people} */
    String describe() {
        return method + " " + path;
    }

    @Override
    public String toString() {
        return describe();
    }

    private static String encodeSegment(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("an id or name in a path must not be blank");
        }
        // Image references hold these, and the engine expects them as they are.
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("%3A", ":")
                .replace("%40", "@");
    }
}
