package io.micado.api.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a map as one text, {@code a=1,b=2}, and reads it, for {@link Settings}. Not instantiable.
 *
 * <p>A comma, a line break, a backslash and, in a key, an equals sign that belong to a key or value have a backslash before them. Before
 * anything else a backslash is one of the text.
 */
final class Pairs {
    private static final char ESCAPE = '\\';
    private static final String SEPARATORS = ",\n";
    private static final String IN_VALUES = SEPARATORS + ESCAPE;
    private static final String IN_KEYS = IN_VALUES + "=";

    private Pairs() {}

    static String write(Map<?, ?> map, Function<@Nullable Object, String> text) {
        return map.entrySet().stream()
                .map(entry -> escape(String.valueOf(entry.getKey()), IN_KEYS) + "="
                        + escape(text.apply(entry.getValue()), IN_VALUES))
                .collect(Collectors.joining(","));
    }

    private static String escape(String text, String special) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (special.indexOf(c) >= 0) {
                escaped.append(ESCAPE);
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    /** {@return the map; empty when the text is none} Spaces around keys and values do not count. */
    static Optional<Map<String, String>> read(String text) {
        Map<String, String> map = new LinkedHashMap<>();
        StringBuilder part = new StringBuilder();
        String key = "";
        boolean inKey = true;
        for (int i = 0; i <= text.length(); i++) {
            boolean ends = i == text.length() || SEPARATORS.indexOf(text.charAt(i)) >= 0;
            if (ends && (inKey || key.isEmpty())) {
                return Optional.empty();
            }
            if (ends) {
                map.put(key.strip(), part.toString().strip());
                part.setLength(0);
                inKey = true;
            } else if (inKey && text.charAt(i) == '=') {
                key = part.toString();
                part.setLength(0);
                inKey = false;
            } else {
                if (isEscape(text, i, inKey ? IN_KEYS : IN_VALUES)) {
                    i++;
                }
                part.append(text.charAt(i));
            }
        }
        return Optional.of(map);
    }

    private static boolean isEscape(String text, int index, String special) {
        return text.charAt(index) == ESCAPE
                && index + 1 < text.length()
                && special.indexOf(text.charAt(index + 1)) >= 0;
    }
}
