package io.micado.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects metrics and writes them in the text format of Prometheus, the samples of one name together. Confined to one thread.
 */
final class MetricsText {
    static final String TYPE = "text/plain; version=0.0.4";

    private final Map<String, StringBuilder> families = new LinkedHashMap<>();

    /** Begins a metric. */
    void family(String name, String type, String help) {
        families.computeIfAbsent(
                name,
                key -> new StringBuilder()
                        .append("# HELP ")
                        .append(name)
                        .append(' ')
                        .append(help)
                        .append("\n# TYPE ")
                        .append(name)
                        .append(' ')
                        .append(type)
                        .append('\n'));
    }

    /**
     * Adds a sample of a metric that has begun.
     *
     * @param family its name
     * @param suffix what the sample's own name has besides, such as {@code _bucket}
     * @param labels names and values of its labels, in turn
     */
    void sample(String family, String suffix, double value, String... labels) {
        StringBuilder text = families.get(family);
        if (text == null) {
            throw new IllegalStateException("metric " + family + " has not begun");
        }
        text.append(family).append(suffix);
        if (labels.length > 0) {
            text.append('{');
            for (int i = 0; i < labels.length; i += 2) {
                text.append(i == 0 ? "" : ",").append(labels[i]).append("=\"");
                escape(labels[i + 1], text);
                text.append('"');
            }
            text.append('}');
        }
        text.append(' ').append(number(value)).append('\n');
    }

    private static void escape(String value, StringBuilder text) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return isWhole ? Long.toString((long) value) : Double.toString(value);
    }

    @Override
    public String toString() {
        return String.join("", families.values());
    }
}
