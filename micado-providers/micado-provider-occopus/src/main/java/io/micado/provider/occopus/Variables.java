package io.micado.provider.occopus;

import io.micado.api.spi.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives variables of a template their values: an example for each secret, or the secret itself. Not instantiable. */
final class Variables {
    private Variables() {}

    /** {@return the variables, with an example in place of each secret} */
    static Map<String, Object> examples(Map<String, Object> variables) {
        return map(variables, secret -> "example");
    }

    /** {@return the variables with their secrets} */
    static Map<String, Object> revealed(Map<String, Object> variables) {
        return map(variables, Secret::reveal);
    }

    private static Map<String, Object> map(Map<?, ?> variables, Function<Secret, String> secrets) {
        Map<String, Object> values = new LinkedHashMap<>();
        variables.forEach((key, value) -> values.put(String.valueOf(key), value(value, secrets)));
        return values;
    }

    private static Object value(@Nullable Object value, Function<Secret, String> secrets) {
        if (value instanceof Secret secret) {
            return secrets.apply(secret);
        }
        if (value instanceof Map<?, ?> inner) {
            return map(inner, secrets);
        }
        if (value instanceof List<?> items) {
            return items.stream().map(item -> value(item, secrets)).toList();
        }
        return String.valueOf(value);
    }
}
