package io.micado.api.spi;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the user set for a plug-in: an ordered map of keys to texts, lists, maps, numbers or secrets, with the place where
 * each was written. Immutable; {@link #toString()} shows keys only.
 */
public final class Settings {
    /** No settings. */
    public static final Settings EMPTY = new Settings(Map.of(), Map.of(), null);

    private final Map<String, Object> values;
    private final Map<String, SourcePosition> positions;
    private final @Nullable SourcePosition place;

    private Settings(
            Map<String, Object> values, Map<String, SourcePosition> positions, @Nullable SourcePosition place) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.positions = Map.copyOf(positions);
        this.place = place;
    }

    /** {@return settings from a map; values are texts, numbers, booleans, durations, {@link Secret}s, lists or maps} */
    public static Settings of(Map<String, ?> values) {
        return new Settings(new LinkedHashMap<>(values), Map.of(), null);
    }

    /** {@return settings of one key} */
    public static Settings of(String key, Object value) {
        return EMPTY.with(key, value);
    }

    /**
     * {@return settings from a map, with the place where each key was written}
     *
     * @param positions the places, by key; a key inside the map of another one is joined to it by a dot, and a key without a
     *     value has the place where it ought to be
     */
    public static Settings of(Map<String, ?> values, Map<String, SourcePosition> positions) {
        return new Settings(new LinkedHashMap<>(values), positions, null);
    }

    /** {@return a copy that tells where all of it was written} */
    public Settings at(SourcePosition position) {
        return new Settings(values, positions, Objects.requireNonNull(position, "position"));
    }

    /** {@return a copy with one more key} */
    public Settings with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
        return new Settings(more, positions, place);
    }

    /** {@return a copy without a key} */
    public Settings without(String key) {
        Map<String, Object> less = new LinkedHashMap<>(values);
        less.remove(key);
        return new Settings(less, positions, place);
    }

    /** {@return the keys, in their order} */
    public Set<String> keys() {
        return values.keySet();
    }

    /** {@return the value as it was given} */
    public Optional<Object> raw(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** {@return where the key was written; empty for settings from code} */
    public Optional<SourcePosition> position(String key) {
        return Optional.ofNullable(positions.get(key));
    }

    /** {@return where all of it was written; empty for settings from code} */
    public Optional<SourcePosition> position() {
        return Optional.ofNullable(place);
    }

    /** {@return the text of a key; of a list its lines, and of a map {@code KEY=VALUE} pairs, as {@link #list} and {@link #map} read them} */
    public Optional<String> string(String key) {
        return raw(key).map(Settings::text);
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Secret secret) {
            return secret.reveal();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Settings::text).collect(Collectors.joining("\n"));
        }
        if (value instanceof Map<?, ?> map) {
            return Pairs.write(map, Settings::text);
        }
        return String.valueOf(value);
    }

    /** {@return the text of a key, or the default} */
    public String string(String key, String defaultValue) {
        return string(key).orElse(defaultValue);
    }

    /** {@return the text of a key that has to be there} */
    public String requiredString(String key) {
        return string(key).orElseThrow(() -> problem(key, "is required"));
    }

    /** {@return the whole number of a key} */
    public Optional<Integer> integer(String key) {
        return raw(key).map(v -> {
            if (v instanceof Integer i) {
                return i;
            }
            try {
                return Integer.valueOf(text(v).trim());
            } catch (NumberFormatException e) {
                throw wrong(key, v, "a whole number");
            }
        });
    }

    /** {@return the whole number of a key, or the default} */
    public int integer(String key, int defaultValue) {
        return integer(key).orElse(defaultValue);
    }

    /** {@return the number of a key} */
    public Optional<Double> number(String key) {
        return raw(key).map(v -> {
            if (v instanceof Number n) {
                return n.doubleValue();
            }
            try {
                return Double.valueOf(text(v).trim());
            } catch (NumberFormatException e) {
                throw wrong(key, v, "a number");
            }
        });
    }

    /** {@return the number of a key, or the default} */
    public double number(String key, double defaultValue) {
        return number(key).orElse(defaultValue);
    }

    /** {@return the truth of a key, or the default} As in YAML, {@code True} and {@code TRUE} are true too. */
    public boolean bool(String key, boolean defaultValue) {
        return raw(key).map(v -> switch (text(v).trim()) {
                    case "true", "True", "TRUE" -> true;
                    case "false", "False", "FALSE" -> false;
                    default -> throw wrong(key, v, "true or false");
                })
                .orElse(defaultValue);
    }

    /** {@return the time span of a key: {@code 90s}, {@code 5m}, {@code 1h30m}, {@code 250ms}, {@code 2d} or ISO-8601} */
    public Optional<Duration> duration(String key) {
        return raw(key).map(v -> {
            if (v instanceof Duration d) {
                return d;
            }
            Duration parsed = Units.parseDuration(text(v));
            if (parsed == null) {
                throw wrong(key, v, "a time span such as 90s, 5m, 1h30m or PT90S");
            }
            return parsed;
        });
    }

    /** {@return the time span of a key, or the default} */
    public Duration duration(String key, Duration defaultValue) {
        return duration(key).orElse(defaultValue);
    }

    /** {@return the bytes of a key: {@code 512MiB}, {@code 2GB}, {@code 1048576}} */
    public Optional<Long> bytes(String key) {
        return raw(key).map(v -> {
            Long parsed = Units.parseBytes(text(v));
            if (parsed == null) {
                throw wrong(key, v, "an amount such as 512MiB, 2GB or 1048576");
            }
            return parsed;
        });
    }

    /** {@return the texts of a key; of a single text its lines; absent is empty} */
    public List<String> list(String key) {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            List<String> texts = new ArrayList<>();
            list.forEach(item -> texts.add(text(item)));
            return List.copyOf(texts);
        }
        return text(value)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /**
     * {@return the map of a key, in its order; absent is empty} A text such as {@code a=1,b=2} will do, with a backslash before a comma,
     * a backslash or, in a key, an equals sign that belongs to a key or value.
     */
    public Map<String, String> map(String key) {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, String> texts = new LinkedHashMap<>();
            map.forEach((k, v) -> texts.put(String.valueOf(k), text(v)));
            return Collections.unmodifiableMap(texts);
        }
        return Collections.unmodifiableMap(
                Pairs.read(text(value)).orElseThrow(() -> wrong(key, value, "a map, or pairs such as a=1,b=2")));
    }

    /** {@return the secret of a key} */
    public Optional<Secret> secret(String key) {
        return raw(key).map(v -> v instanceof Secret s ? s : Secret.of(v.toString()));
    }

    /** {@return the secret of a key that has to be there} */
    public Secret requiredSecret(String key) {
        return secret(key).orElseThrow(() -> problem(key, "is required"));
    }

    /** {@return the file path of a key} */
    public Optional<Path> path(String key) {
        return string(key).map(Path::of);
    }

    /** {@return an exception about this key, with its place, or that of all settings when it was not written} */
    public ConfigurationException problem(String key, String message) {
        return new ConfigurationException(
                List.of(new Problem(key, message, position(key).or(this::position))));
    }

    private ConfigurationException wrong(String key, Object found, String allowed) {
        String shown = found instanceof Secret ? "a secret" : "\"" + found + "\"";
        return problem(key, "must be " + allowed + ", got " + shown);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Settings that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "settings " + values.keySet();
    }
}
