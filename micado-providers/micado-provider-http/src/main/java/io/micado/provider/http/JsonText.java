package io.micado.provider.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * JSON from and for the other side, with limits to its depth and to the length of its numbers; its size is limited by the client. Called by
 * the plug-ins on any thread. Not instantiable.
 */
public final class JsonText {
    private static final int DEEPEST = 100;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(100)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonText() {}

    /** {@return an empty object} */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** {@return the tree as text} */
    public static String write(JsonNode tree) {
        return tree.toString();
    }

    static JsonNode read(byte[] body, HttpResponse answer) {
        try {
            JsonNode tree = MAPPER.readTree(body);
            if (tree == null || tree.isMissingNode()) {
                throw answer.unreadable("is empty instead of JSON");
            }
            return tree;
        } catch (JsonProcessingException e) {
            // The parser's own message would quote the body.
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw answer.unreadable("is not the JSON that it should be (line " + line + ")");
        } catch (IOException e) {
            throw answer.unreadable("is not the JSON that it should be");
        }
    }
}
