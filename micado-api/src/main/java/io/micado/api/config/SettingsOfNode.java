package io.micado.api.config;

import io.micado.api.error.SourcePosition;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes settings of a map node, with the place of every key in it. Not instantiable. */
final class SettingsOfNode {
    private SettingsOfNode() {}

    static Settings read(ConfigNode node, Problems problems) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, SourcePosition> positions = new LinkedHashMap<>();
        if (node.kind() != ConfigNode.Kind.MAP) {
            problems.add(node, "must be a map, got " + node.kind());
        }
        node.entries().forEach((key, entry) -> {
            if (entry.value().kind() != ConfigNode.Kind.NOTHING) {
                values.put(key, value(entry.value(), problems));
            }
            note(key, entry, positions);
        });
        return Settings.of(values, positions).at(node.position());
    }

    private static void note(String path, ConfigNode.Entry entry, Map<String, SourcePosition> positions) {
        positions.put(path, entry.position());
        entry.value().entries().forEach((key, inner) -> note(path + "." + key, inner, positions));
    }

    private static Object value(ConfigNode node, Problems problems) {
        node.tag().ifPresent(tag -> problems.add(node, "a tag (a word that begins with \"!\") means nothing here"));
        switch (node.kind()) {
            case LIST -> {
                List<Object> items = new ArrayList<>();
                node.items().forEach(item -> items.add(value(item, problems)));
                return items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                node.entries().forEach((key, entry) -> {
                    if (entry.value().kind() != ConfigNode.Kind.NOTHING) {
                        entries.put(key, value(entry.value(), problems));
                    }
                });
                return entries;
            }
            default -> {
                Placeholders.check(node, problems);
                return Reference.value(node, problems);
            }
        }
    }
}
