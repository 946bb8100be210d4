package io.micado.bootstrap;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes parameters for the programs on a machine. Stateless. */
final class JsonText {
    private JsonText() {}

    static String of(Map<String, ?> parameters) {
        try {
            return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(parameters) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException("maps, lists, texts and numbers cannot fail to be written", e);
        }
    }
}
