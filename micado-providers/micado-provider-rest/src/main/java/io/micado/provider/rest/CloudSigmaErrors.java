package io.micado.provider.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.provider.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the failures of CloudSigma: a list of {@code error_type}, {@code error_message} and {@code error_point}. Called by the HTTP client on any
 * thread. Not instantiable.
 */
final class CloudSigmaErrors {
    private CloudSigmaErrors() {}

    static MicadoException read(HttpResponse answer) {
        JsonNode body = answer.jsonIfAny().orElse(null);
        JsonNode first = body == null ? null : body.isArray() ? body.path(0) : body;
        String type = first == null ? "" : first.path("error_type").asText("");
        if (body == null || first == null || type.isEmpty()) {
            return answer.failure("");
        }
        String words = words(body.isArray() ? body : List.of(first));
        return switch (type) {
            case "validation" -> answer.failure(lack(words, ErrorKind.CONFIGURATION), words);
            case "notexist" -> answer.failure(ErrorKind.NOT_FOUND, words);
            case "permission" -> answer.failure(permission(words), words);
            // "a conflicting operation is under way; the operation should be retried"
            case "concurrency" -> answer.failure(ErrorKind.CONFLICT, words);
            case "billing", "payment" -> answer.failure(ErrorKind.QUOTA_EXCEEDED, words);
            case "backend" ->
                Readings.lack(words)
                        .filter(kind -> kind == ErrorKind.INSUFFICIENT_CAPACITY)
                        .map(kind -> answer.failure(kind, words))
                        .orElseGet(() -> answer.failure(words));
            default -> answer.failure(words);
        };
    }

    /** The type stands for what is never allowed, for what a limit does not allow, and for what the state does not allow at present. */
    private static ErrorKind permission(String words) {
        boolean ofState = words.toLowerCase(Locale.ROOT).contains(" state ");
        return ofState ? ErrorKind.CONFLICT : lack(words, ErrorKind.AUTHENTICATION);
    }

    private static ErrorKind lack(String words, ErrorKind otherwise) {
        return Readings.lack(words).orElse(otherwise);
    }

    private static String words(Iterable<JsonNode> errors) {
        List<String> words = new ArrayList<>();
        for (JsonNode error : errors) {
            String point = error.path("error_point").asText("");
            boolean named = !point.isEmpty() && !point.equals("null");
            words.add((named ? point + ": " : "") + error.path("error_message").asText(""));
        }
        return String.join("; ", words);
    }
}
