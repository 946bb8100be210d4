package io.micado.http;

import io.micado.api.config.Nearest;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object of a request key by key, and refuses what is wrong and what nobody asked for, with the path to it. Confined to one
 * thread. Texts are taken as they are: the references of files, such as <code>${env:PASSWORD}</code>, mean nothing here, since a client must
 * not learn what the server's host keeps to itself.
 */
final class JsonReader {
    private static final int LONGEST_SPAN = 100;
    private static final Duration LONGEST = Duration.ofDays(366);

    private final String path;
    private final Settings json;
    private final Set<String> known = new LinkedHashSet<>();

    private JsonReader(String path, Map<String, ?> json) {
        this.path = path;
        this.json = Settings.of(json);
    }

    /** {@return a reader of the whole body} */
    static JsonReader of(Map<String, ?> json) {
        return new JsonReader("", json);
    }

    /** {@return a reader of something inside} */
    @SuppressWarnings("unchecked") // the keys of JSON objects are texts
    private static JsonReader of(String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            return new JsonReader(path, (Map<String, ?>) map);
        }
        throw HttpProblem.badRequest(path + " must be an object");
    }

    Optional<String> text(String key) {
        return read(key, Settings::string);
    }

    String requiredText(String key) {
        return text(key).orElseThrow(() -> required(key));
    }

    Optional<Integer> integer(String key) {
        return read(key, Settings::integer);
    }

    int requiredInteger(String key) {
        return integer(key).orElseThrow(() -> required(key));
    }

    /** What is missing was perhaps mistyped. */
    private HttpProblem required(String key) {
        return json.keys().stream()
                .filter(other ->
                        !known.contains(other) && Nearest.of(other, Set.of(key)).isPresent())
                .findFirst()
                .map(other ->
                        HttpProblem.badRequest("\"" + at(other) + "\" is not known; did you mean \"" + key + "\"?"))
                .orElseGet(() -> HttpProblem.badRequest(at(key) + " is required"));
    }

    Optional<Double> number(String key) {
        return read(key, Settings::number);
    }

    Optional<Boolean> bool(String key) {
        return read(key, (settings, k) -> settings.raw(k).map(value -> settings.bool(k, false)));
    }

    Optional<Duration> duration(String key) {
        Optional<Duration> span = read(key, (settings, k) -> {
            // Reading a span takes a stack as deep as the text is long.
            String text = settings.string(k, "");
            return text.length() > LONGEST_SPAN
                    ? Optional.of(Duration.ofSeconds(Long.MAX_VALUE))
                    : settings.duration(k);
        });
        if (span.isPresent() && span.get().compareTo(LONGEST) > 0) {
            throw HttpProblem.badRequest(at(key) + " must be " + LONGEST.toDays() + "d at most");
        }
        return span;
    }

    Optional<Long> bytes(String key) {
        return read(key, Settings::bytes);
    }

    List<String> texts(String key) {
        Object raw = read(key, Settings::raw).orElse("");
        (raw instanceof List<?> list ? list : List.of(raw)).forEach(value -> requireText(at(key), value));
        return read(key, (settings, k) -> Optional.of(settings.list(k))).orElse(List.of());
    }

    Map<String, String> textMap(String key) {
        if (read(key, Settings::raw).orElse("") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> requireText(at(key) + "." + name, value));
        }
        return read(key, (settings, k) -> Optional.of(settings.map(k))).orElse(Map.of());
    }

    private static void requireText(String where, @Nullable Object value) {
        if (value == null || value instanceof Map<?, ?> || value instanceof List<?>) {
            throw HttpProblem.badRequest(where + " must be text");
        }
    }

    /** {@return whether a key is there} */
    boolean has(String key) {
        return read(key, Settings::raw).isPresent();
    }

    /** {@return whether the value of a key is a text, and not an object} */
    boolean isText(String key) {
        return read(key, Settings::raw).filter(String.class::isInstance).isPresent();
    }

    Optional<JsonReader> object(String key) {
        return read(key, Settings::raw).map(value -> of(at(key), value));
    }

    List<JsonReader> objects(String key) {
        Object value = read(key, Settings::raw).orElse(List.of());
        if (!(value instanceof List<?> list)) {
            throw HttpProblem.badRequest(at(key) + " must be a list of objects");
        }
        List<JsonReader> readers = new ArrayList<>();
        list.forEach(one -> readers.add(of(at(key) + "[" + readers.size() + "]", one)));
        return readers;
    }

    /** {@return the keys that nobody asked for, as settings of a plug-in, which knows them} */
    Settings rest() {
        Settings rest = json;
        for (String key : known) {
            rest = rest.without(key);
        }
        known.addAll(rest.keys());
        return rest;
    }

    /** Refuses every key that nobody asked for, with the nearest one that was. */
    void end() {
        for (String key : json.keys()) {
            if (!known.contains(key)) {
                throw HttpProblem.badRequest("\"" + at(key) + "\" is not known"
                        + Nearest.of(key, known)
                                .map(near -> "; did you mean \"" + near + "\"?")
                                .orElse("")
                        + "; known: " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** {@return what is made of values that were read} What refuses them is told with the path of this object. */
    <T> T make(Supplier<T> step) {
        try {
            return step.get();
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badRequest((path.isEmpty() ? "" : path + ": ") + e.getMessage());
        }
    }

    private <T> Optional<T> read(String key, BiFunction<Settings, String, Optional<T>> reading) {
        known.add(key);
        try {
            return reading.apply(json, key);
        } catch (ConfigurationException e) {
            Problem problem = e.problems().get(0);
            throw HttpProblem.badRequest(at(problem.where()) + " " + problem.message());
        }
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
