package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.service.Resources;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Reads the shapes that Docker's JSON repeats, for the mappings of this package. Stateless. */
final class Json {
    static final double NANOS_PER_CORE = 1e9;

    private Json() {}

    /** {@return the cores and bytes of a {@code Resources} object; nothing where it is missing} */
    static Resources resources(JsonNode json) {
        return Resources.of(
                Math.max(0, json.path("NanoCPUs").asLong()) / NANOS_PER_CORE,
                Math.max(0, json.path("MemoryBytes").asLong()));
    }

    /** {@return the texts of an array; none where it is missing} */
    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** {@return the time, or the other one where it is missing or cannot be read} */
    static Instant instant(JsonNode json, Instant otherwise) {
        try {
            return json.isTextual() ? Instant.parse(json.asText()) : otherwise;
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    /** {@return the version for compare-and-swap} */
    static long version(JsonNode object) {
        return object.path("Version").path("Index").asLong();
    }
}
