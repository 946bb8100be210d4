package io.micado.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The answer to a request. Immutable; made by its static methods. */
public final class Reply {
    private static final String JSON_TYPE = "application/json";

    private final int status;
    private final String type;
    private final byte[] body;
    private final Map<String, String> headers;
    private final @Nullable Supplier<EventStream> stream;

    private Reply(
            int status, String type, byte[] body, Map<String, String> headers, @Nullable Supplier<EventStream> stream) {
        this.status = status;
        this.type = type;
        this.body = body;
        this.headers = headers;
        this.stream = stream;
    }

    /** {@return maps, lists, texts, numbers, truths and nulls as JSON, with status 200} */
    public static Reply json(Object value) {
        return json(200, value);
    }

    /** {@return maps, lists, texts, numbers, truths and nulls as JSON} */
    public static Reply json(int status, Object value) {
        return new Reply(status, JSON_TYPE, Json.bytes(value), Map.of(), null);
    }

    /** {@return text of this media type, with status 200} */
    public static Reply text(String mediaType, String text) {
        return text(200, mediaType, text);
    }

    /** {@return text of this media type} */
    public static Reply text(int status, String mediaType, String text) {
        return new Reply(status, mediaType + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of(), null);
    }

    /** {@return a refusal, with the sentence that the client is told, as RFC 9457 has it} */
    public static Reply problem(int status, String detail) {
        return new Reply(
                status,
                "application/problem+json",
                Json.bytes(Json.object("status", status, "title", Statuses.title(status), "detail", detail)),
                Map.of(),
                null);
    }

    /** {@return an answer without a body} */
    public static Reply empty(int status) {
        return new Reply(status, "", new byte[0], Map.of(), null);
    }

    static Reply of(int status, String type, byte[] body) {
        return new Reply(status, type, body, Map.of(), null);
    }

    /** {@return a stream, which is made when there is room for it} */
    static Reply stream(Supplier<EventStream> stream) {
        return new Reply(200, "text/event-stream; charset=utf-8", new byte[0], Map.of(), stream);
    }

    /** {@return a copy with one more header} */
    public Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, type, body, more, stream);
    }

    /** {@return the status code} */
    public int status() {
        return status;
    }

    /** {@return the media type; empty when there is no body} */
    public String type() {
        return type;
    }

    /** {@return the body} */
    public byte[] body() {
        return body.clone();
    }

    /** {@return headers beyond those that every answer has} */
    public Map<String, String> headers() {
        return headers;
    }

    Optional<Supplier<EventStream>> stream() {
        return Optional.ofNullable(stream);
    }
}
