package io.micado.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A method and a path, and what answers there. Immutable.
 *
 * @param method the method; {@code GET} answers {@code HEAD}, too
 * @param path the path, with variables such as {@code /services/{service}}
 * @param isOpen whether it answers without a token
 * @param endpoint what answers
 */
record Route(String method, String path, boolean isOpen, Endpoint endpoint) {

    static Route get(String path, Endpoint endpoint) {
        return new Route("GET", path, false, endpoint);
    }

    static Route post(String path, Endpoint endpoint) {
        return new Route("POST", path, false, endpoint);
    }

    static Route delete(String path, Endpoint endpoint) {
        return new Route("DELETE", path, false, endpoint);
    }

    /** {@return a copy that answers without a token} */
    Route open() {
        return new Route(method, path, true, endpoint);
    }

    /** {@return the values of the path's variables; empty when the path is another one} */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> pattern = Paths.segments(path);
        if (pattern.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String part = pattern.get(i);
            if (part.startsWith("{")) {
                variables.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
