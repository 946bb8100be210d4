package io.micado.docker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads and writes Docker's JSON as trees, so that no field is lost; used by {@link DockerEngine} and by the plug-ins
 * on any thread. Not instantiable.
 */
public final class DockerJson {
    /** Immutable once made. */
    static final ObjectMapper MAPPER = new ObjectMapper();

    private DockerJson() {}

    /** {@return an empty object} */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** {@return the object at this field, made when it is missing or null} */
    public static ObjectNode objectAt(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode found ? found : parent.putObject(field);
    }

    /** {@return the texts of an object, such as labels; empty when there is none} */
    public static Map<String, String> texts(JsonNode object) {
        if (!object.isObject() || object.isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return Collections.unmodifiableMap(texts);
    }

    static InputStream stream(JsonNode json) {
        try {
            return new ByteArrayInputStream(MAPPER.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this JSON cannot be written", e);
        }
    }

    static JsonNode read(InputStream body) throws IOException {
        JsonNode tree = MAPPER.readTree(body);
        return tree == null ? MissingNode.getInstance() : tree;
    }

    /** Hands over one element of an array after the other, and holds no more than one at a time. */
    static void readEach(InputStream body, Consumer<JsonNode> each) throws IOException {
        try (JsonParser parser = MAPPER.getFactory().createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.VALUE_NULL) {
                return; // Go's way to write an empty list
            }
            if (first != JsonToken.START_ARRAY) {
                throw new IOException("expected a JSON array, got " + first);
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                each.accept(MAPPER.readTree(parser));
            }
        }
    }

    /** Hands over one document after the other, as long as they come. */
    static void readStream(InputStream body, Consumer<JsonNode> each) throws IOException {
        try (JsonParser parser = MAPPER.getFactory().createParser(body)) {
            while (parser.nextToken() != null) {
                each.accept(MAPPER.readTree(parser));
            }
        }
    }
}
