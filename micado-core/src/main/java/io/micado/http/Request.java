package io.micado.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request that was let in and has been read in full. Immutable. */
public final class Request {
    /** What takes a stack as deep as it is nested is refused; nothing that is asked for here is half as deep. */
    private static final int MOST_NESTED = 30;

    private static final JSON READER = new JSON(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MOST_NESTED).build())
            .build());

    private final String method;
    private final Map<String, String> variables;
    private final Map<String, String> query;
    private final Headers headers;
    private final byte[] body;

    Request(String method, Map<String, String> variables, Map<String, String> query, Headers headers, byte[] body) {
        this.method = method;
        this.variables = Map.copyOf(variables);
        this.query = Map.copyOf(query);
        this.headers = headers;
        this.body = body;
    }

    /** {@return the method; {@code GET} for {@code HEAD}} */
    public String method() {
        return method;
    }

    /** {@return what stands in the path for a variable of the route, such as {@code {name}}} */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no variable {" + name + "}");
        }
        return value;
    }

    /** {@return what stands in the path for a variable that not every path of the endpoint has} */
    Optional<String> optional(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** {@return a parameter of the query} */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** {@return the first header of this name} */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }

    /** {@return the body} */
    public byte[] body() {
        return body.clone();
    }

    /** {@return the body as UTF-8 text; what is not UTF-8 is refused with status 400} */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HttpProblem.badRequest("the body must be UTF-8");
        }
    }

    /**
     * {@return the body as a JSON object; refused with status 415 when it is declared as something else, with 400 when it is none or
     * nested more than 30 deep}
     */
    public Map<String, Object> json() {
        String type = header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.equals("application/json") && !type.startsWith("application/json;")) {
            throw new HttpProblem(415, "send JSON, with the header Content-Type: application/json");
        }
        try {
            return READER.mapFrom(text());
        } catch (StreamConstraintsException e) {
            throw HttpProblem.badRequest("the body must not be nested more than " + MOST_NESTED + " deep");
        } catch (IOException | IllegalArgumentException e) {
            throw HttpProblem.badRequest("the body must be a JSON object");
        }
    }
}
