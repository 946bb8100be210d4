package io.micado.provider.monitoring;

import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;

/** Puts PromQL together. Stateless. */
final class PromQl {
    private PromQl() {}

    /** {@return the text between double quotes, as PromQL reads it} */
    static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    /** {@return the text as it may stand between quotes} */
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** {@return the query, each of whose series carries one more label} */
    static String labelled(String query, String label, String value) {
        // The line breaks end a comment that the query may end with.
        return "label_replace(\n" + query + "\n, " + quoted(label) + ", " + quoted(value.replace("$", "$$"))
                + ", \"\", \"\")";
    }

    /** {@return a matcher for each of these values of a label} */
    static String oneOf(String label, Collection<String> values) {
        // Of what is not ASCII nothing has a meaning of its own, and it must not be escaped.
        String any = values.stream()
                .map(value -> value.replaceAll("[\\x00-\\x7F&&[^A-Za-z0-9_]]", "\\\\$0"))
                .collect(Collectors.joining("|"));
        return label + "=~" + quoted(any);
    }

    /** {@return a span as PromQL writes it} */
    static String span(Duration span) {
        long millis = span.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
