package io.micado.examples;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes JSON that may stand in a script element of an HTML page: nothing in it can end the element. Used by {@link ReportData}.
 * Not instantiable.
 */
final class Json {
    private Json() {}

    /** {@return maps, lists, texts, numbers and truths as JSON} */
    static String of(Object value) {
        StringBuilder json = new StringBuilder();
        write(value, json);
        return json.toString();
    }

    private static void write(Object value, StringBuilder json) {
        if (value instanceof Map<?, ?> map) {
            writeMap(map, json);
        } else if (value instanceof List<?> list) {
            writeList(list, json);
        } else if (value instanceof Double number) {
            json.append(number(number));
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            writeText(value.toString(), json);
        }
    }

    private static void writeMap(Map<?, ?> map, StringBuilder json) {
        json.append('{');
        String comma = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.append(comma);
            writeText(String.valueOf(entry.getKey()), json);
            json.append(':');
            write(entry.getValue(), json);
            comma = ",";
        }
        json.append('}');
    }

    private static void writeList(List<?> list, StringBuilder json) {
        json.append('[');
        String comma = "";
        for (Object item : list) {
            json.append(comma);
            write(item, json);
            comma = ",";
        }
        json.append(']');
    }

    private static void writeText(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
            if (plain) {
                json.append(c);
            } else {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        json.append('"');
    }

    /** JSON knows neither infinity nor what is no number. */
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "null";
        }
        double rounded = Math.round(value * 1000) / 1000.0;
        return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e15
                ? Long.toString((long) rounded)
                : Double.toString(rounded);
    }
}
