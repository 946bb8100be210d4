package io.micado.provider.monitoring;

import java.time.Duration;

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

    /** {@return a span as PromQL writes it} */
    static String span(Duration span) {
        long millis = span.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
