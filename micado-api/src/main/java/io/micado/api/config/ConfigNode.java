package io.micado.api.config;

import io.micado.api.error.SourcePosition;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of a configuration file, with its key path and its place: a text, a list, a map, or nothing where nothing was written
 * or {@code null}. Made by the engine, walked by a format, mostly through {@link MapReader}. Immutable; {@link #toString()} does
 * not show the value, which may be a secret.
 */
public final class ConfigNode {
    private final KeyPath path;
    private final SourcePosition position;
    private final Optional<String> tag;
    private final Kind kind;
    private final String text;
    private final @Nullable SourceText embedded;
    private final List<ConfigNode> items;
    private final Map<String, Entry> entries;

    /** What a node is. */
    public enum Kind {
        /** Nothing. */
        NOTHING("nothing"),
        /** A text, a number, a truth. */
        TEXT("a text"),
        /** A list. */
        LIST("a list"),
        /** A map. */
        MAP("a map");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * A key of a map with its value. Immutable.
     *
     * @param position where the key stands
     * @param value the value
     */
    public record Entry(SourcePosition position, ConfigNode value) {
        /** Checks that nothing is null. */
        public Entry {
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(value, "value");
        }
    }

    private ConfigNode(
            KeyPath path,
            SourcePosition position,
            Optional<String> tag,
            Kind kind,
            String text,
            @Nullable SourceText embedded,
            List<ConfigNode> items,
            Map<String, Entry> entries) {
        this.path = path;
        this.position = position;
        this.tag = tag;
        this.kind = kind;
        this.text = text;
        this.embedded = embedded;
        this.items = items;
        this.entries = entries;
    }

    /** {@return nothing, at a place} */
    public static ConfigNode nothing(KeyPath path, SourcePosition position) {
        return new ConfigNode(path, position, Optional.empty(), Kind.NOTHING, "", null, List.of(), Map.of());
    }

    /**
     * {@return a text}
     *
     * @param embedded the same text with the place of each of its lines
     */
    public static ConfigNode text(
            KeyPath path, SourcePosition position, Optional<String> tag, String text, SourceText embedded) {
        return new ConfigNode(path, position, tag, Kind.TEXT, text, embedded, List.of(), Map.of());
    }

    /** {@return a list} */
    public static ConfigNode list(KeyPath path, SourcePosition position, Optional<String> tag, List<ConfigNode> items) {
        return new ConfigNode(path, position, tag, Kind.LIST, "", null, List.copyOf(items), Map.of());
    }

    /** {@return a map, in the order of the file} */
    public static ConfigNode map(
            KeyPath path, SourcePosition position, Optional<String> tag, Map<String, Entry> entries) {
        Map<String, Entry> copy = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        return new ConfigNode(path, position, tag, Kind.MAP, "", null, List.of(), copy);
    }

    /** {@return the same value, as what an alias at another path stands for} */
    public ConfigNode at(KeyPath other, SourcePosition place) {
        List<ConfigNode> moved = new ArrayList<>();
        for (ConfigNode item : items) {
            moved.add(item.at(other.item(moved.size()), item.position));
        }
        Map<String, Entry> movedEntries = new LinkedHashMap<>();
        entries.forEach((key, entry) -> movedEntries.put(
                key, new Entry(entry.position(), entry.value().at(other.key(key), entry.value().position))));
        return new ConfigNode(other, place, tag, kind, text, embedded, moved, movedEntries);
    }

    /** {@return a map at the same place with these entries} */
    public ConfigNode with(Map<String, Entry> others) {
        return map(path, position, Optional.empty(), others);
    }

    /** {@return the key path, such as {@code pools.workers.offerings[0]}; empty for the document itself} */
    public String path() {
        return path.toString();
    }

    /** {@return where it stands} */
    public SourcePosition position() {
        return position;
    }

    /** {@return its local tag, such as {@code !yaml_import}} */
    public Optional<String> tag() {
        return tag;
    }

    /** {@return what it is} */
    public Kind kind() {
        return kind;
    }

    /** {@return the text; empty for anything else} */
    public String text() {
        return text;
    }

    /** {@return the text with the place of each of its lines, to be parsed by itself; without lines for anything else} */
    public SourceText embedded() {
        return embedded == null ? new SourceText(position.file(), List.of()) : embedded;
    }

    /** {@return the items of a list; empty for anything else} */
    public List<ConfigNode> items() {
        return items;
    }

    /** {@return the entries of a map, in the order of the file; empty for anything else} */
    public Map<String, Entry> entries() {
        return entries;
    }

    /** {@return the value of a key; empty when this is no map, it has no such key, or nothing is written there} */
    public Optional<ConfigNode> get(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::value).filter(value -> value.kind != Kind.NOTHING);
    }

    /**
     * {@return this map as settings of a plug-in} References such as {@code ${env:NAME}} become secrets that are resolved when they
     * are used. What is wrong with them, and every placeholder of a template that nobody has filled in, is told to the problems.
     */
    public Settings settings(Problems problems) {
        return SettingsOfNode.read(this, problems);
    }

    @Override
    public String toString() {
        return position + ": " + path + ": " + kind;
    }
}
