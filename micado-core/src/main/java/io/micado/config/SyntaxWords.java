package io.micado.config;

import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Says in plain words what the YAML parser found, without any text of the file, which may hold secrets. Not instantiable.
 *
 * <p>The parser's own words are known for the usual mistakes only; of any other one the place alone is told.
 */
final class SyntaxWords {
    private static final Map<String, String> BY_BEGINNING = Map.of(
            "mapping values are not allowed",
            "a key and its value are not allowed here; a text that holds \": \" needs quotes, or the indentation of this line "
                    + "or the one before is wrong",
            "expected <block end>",
            "the indentation of this line fits none of the lines before it",
            "could not find expected ':'",
            "a key without \":\", or a text whose lines need quotes",
            "expected ',' or",
            "a list or map in brackets is not closed, or a comma is missing",
            "expected the node content",
            "a value is missing",
            "found unexpected end of stream",
            "a quote or bracket is not closed",
            "block sequence entries are not allowed",
            "a list item is not allowed here; the indentation of this line is wrong",
            "found character",
            "a text that begins with this character needs quotes",
            "found a tab character",
            "a tab may not be used for indentation; use spaces");

    private SyntaxWords() {}

    static String of(MarkedYamlEngineException e) {
        String problem = Objects.requireNonNullElse(e.getProblem(), "");
        return BY_BEGINNING.entrySet().stream()
                .filter(entry -> problem.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("the text cannot be read from here on; look at quotes, colons and indentation");
    }
}
