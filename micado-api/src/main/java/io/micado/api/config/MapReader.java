package io.micado.api.config;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.MicadoException;
import io.micado.api.error.SourcePosition;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Reads the keys of one map, for a format: what has the wrong type, what is missing and what is not known is told to the problems,
 * and reading goes on. Every key that was asked for counts as known. Confined to one thread.
 *
 * <pre>{@code
 * MapReader pool = MapReader.of(node, problems);
 * int min = pool.integer("min").orElse(1);
 * pool.maps("offerings").forEach(offering -> …);
 * pool.end();   // whatever else is there is not known
 * }</pre>
 */
public final class MapReader {
    private final ConfigNode node;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    private MapReader(ConfigNode node, Problems problems) {
        this.node = node;
        this.problems = problems;
    }

    /** {@return a reader of this node} That it is no map is a problem; it then reads like an empty one. */
    public static MapReader of(ConfigNode node, Problems problems) {
        if (node.kind() != ConfigNode.Kind.MAP && node.kind() != ConfigNode.Kind.NOTHING) {
            problems.add(node, "must be a map, got " + node.kind());
        }
        node.tag().ifPresent(tag -> problems.add(node, "a tag (a word that begins with \"!\") means nothing here"));
        return new MapReader(node, problems);
    }

    /** {@return the node that is read} */
    public ConfigNode node() {
        return node;
    }

    /** {@return the keys, in the order of the file} */
    public Set<String> keys() {
        return node.entries().keySet();
    }

    /** {@return the value of a key; empty when it is absent} */
    public Optional<ConfigNode> take(String key) {
        known.add(key);
        return node.get(key);
    }

    /** {@return the text of a key; empty when it is absent or wrong} A reference to a secret is resolved at once. */
    public Optional<String> text(String key) {
        return read(key, "a text", Settings::string);
    }

    /** {@return the text of a key that has to be there; empty when it is absent, which is a problem, or wrong} */
    public Optional<String> requiredText(String key, String description) {
        require(key, description);
        return text(key);
    }

    /** {@return the whole number of a key; empty when it is absent or wrong} */
    public Optional<Integer> integer(String key) {
        return read(key, "a whole number", Settings::integer);
    }

    /** {@return the number of a key; empty when it is absent or wrong} */
    public Optional<Double> number(String key) {
        return read(key, "a number", Settings::number);
    }

    /** {@return the truth of a key; empty when it is absent or wrong} */
    public Optional<Boolean> bool(String key) {
        return read(key, "true or false", (settings, k) -> Optional.of(settings.bool(k, false)));
    }

    /** {@return the time span of a key; empty when it is absent or wrong} */
    public Optional<Duration> duration(String key) {
        return read(key, "a time span such as 90s or 5m", Settings::duration);
    }

    /** {@return the bytes of a key; empty when it is absent or wrong} */
    public Optional<Long> bytes(String key) {
        return read(key, "an amount such as 512MiB", Settings::bytes);
    }

    /** {@return the word of a key, if it is one of these; empty when it is absent or wrong} */
    public Optional<String> choice(String key, List<String> choices) {
        Optional<String> word = text(key).map(String::trim);
        if (word.isPresent() && !choices.contains(word.get())) {
            problems.add(
                    node.get(key).orElse(node),
                    "must be one of " + String.join(", ", choices) + ", got \"" + word.get() + "\""
                            + Nearest.of(word.get(), choices)
                                    .map(near -> "; did you mean \"" + near + "\"?")
                                    .orElse(""));
            return Optional.empty();
        }
        return word;
    }

    /** {@return the items of a list; none when it is absent or wrong} */
    public List<ConfigNode> items(String key) {
        Optional<ConfigNode> value = take(key);
        if (value.isPresent() && value.get().kind() != ConfigNode.Kind.LIST) {
            problems.add(value.get(), "must be a list, got " + value.get().kind());
        }
        return value.map(ConfigNode::items).orElse(List.of());
    }

    /** {@return the texts of a list; a single text is a list of one; none when it is absent or wrong} */
    public List<String> texts(String key) {
        Optional<ConfigNode> single = take(key).filter(value -> value.kind() == ConfigNode.Kind.TEXT);
        List<ConfigNode> nodes = single.map(List::of).orElseGet(() -> items(key));
        List<String> texts = new ArrayList<>();
        for (ConfigNode item : nodes) {
            plain(item).ifPresent(texts::add);
        }
        return texts;
    }

    /** {@return a map of texts, in the order of the file; empty when it is absent or wrong} */
    public Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        map(key).ifPresent(map -> map.node.entries().forEach((name, entry) -> {
            if (entry.value().kind() == ConfigNode.Kind.NOTHING) {
                texts.put(name, "");
            } else {
                plain(entry.value()).ifPresent(text -> texts.put(name, text));
            }
        }));
        return texts;
    }

    /** {@return a reader of the map of a key; empty when it is absent} */
    public Optional<MapReader> map(String key) {
        return take(key).map(value -> of(value, problems));
    }

    /** {@return readers of the maps of a list; none when it is absent or wrong} */
    public List<MapReader> maps(String key) {
        return items(key).stream().map(item -> of(item, problems)).toList();
    }

    /** {@return readers of the maps of a map, by their names; none when it is absent or wrong} */
    public Map<String, MapReader> namedMaps(String key) {
        Map<String, MapReader> readers = new LinkedHashMap<>();
        map(key).ifPresent(map ->
                map.node.entries().forEach((name, entry) -> readers.put(name, of(entry.value(), problems))));
        return readers;
    }

    /** Makes it a problem that a key is absent. */
    public void require(String key, String description) {
        if (take(key).isEmpty() && (node.kind() == ConfigNode.Kind.MAP || node.kind() == ConfigNode.Kind.NOTHING)) {
            SourcePosition place =
                    node.entries().containsKey(key) ? node.entries().get(key).position() : node.position();
            problems.add(pathOf(key), "is required: " + description, place);
        }
    }

    /** {@return all keys that nobody asked for, as settings of a plug-in; from then on they count as known} */
    public Settings rest() {
        Map<String, ConfigNode.Entry> left = new LinkedHashMap<>(node.entries());
        left.keySet().removeAll(known);
        known.addAll(left.keySet());
        return node.with(left).settings(problems);
    }

    /** Makes every key that nobody asked for a problem, with the nearest one that was. */
    public void end() {
        node.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.add(
                        pathOf(key),
                        "is not known"
                                + Nearest.of(key, known)
                                        .map(near -> "; did you mean \"" + near + "\"?")
                                        .orElse("")
                                + "; known: " + String.join(", ", new TreeSet<>(known)),
                        entry.position());
            }
        });
    }

    private String pathOf(String key) {
        return node.path().isEmpty() ? key : node.path() + "." + KeyPath.ROOT.key(key);
    }

    private <T> Optional<T> read(String key, String wanted, BiFunction<Settings, String, Optional<T>> reading) {
        Optional<ConfigNode> value = take(key);
        if (value.isEmpty() || !isText(value.get(), wanted)) {
            return Optional.empty();
        }
        Settings one = Settings.of(Map.of(key, Reference.value(value.get(), problems)), Map.of());
        try {
            return reading.apply(one, key);
        } catch (ConfigurationException e) {
            problems.add(value.get(), e.problems().get(0).message());
        } catch (MicadoException e) {
            problems.add(value.get(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private Optional<String> plain(ConfigNode item) {
        if (!isText(item, "a text")) {
            return Optional.empty();
        }
        try {
            Object value = Reference.value(item, problems);
            return Optional.of(value instanceof Secret secret ? secret.reveal() : (String) value);
        } catch (MicadoException e) {
            problems.add(item, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private boolean isText(ConfigNode value, String wanted) {
        if (value.tag().isPresent()) {
            problems.add(value, "a tag (a word that begins with \"!\") means nothing here");
            return false;
        }
        if (value.kind() != ConfigNode.Kind.TEXT) {
            problems.add(value, "must be " + wanted + ", got " + value.kind());
            return false;
        }
        return true;
    }
}
