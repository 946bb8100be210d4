package io.micado.provider.jclouds;

import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jclouds.compute.domain.NodeMetadata;

/**
 * How machines are marked as ours where clouds differ in what they can keep: as metadata, and as plain tags too, both in letters, digits and dashes,
 * which all of them take. Stateless.
 */
final class GenericMarks {
    private static final List<String> NAMES = List.of(Tags.FORMAT, Tags.INFRASTRUCTURE, Tags.POOL, Tags.WORKER);

    private GenericMarks() {}

    static Map<String, String> metadata(LaunchRequest request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        request.tags().forEach((name, value) -> {
            if (NAMES.contains(name)) {
                metadata.put(plain(name), value);
            }
        });
        return metadata;
    }

    static List<String> tags(LaunchRequest request) {
        List<String> tags = new ArrayList<>();
        request.tags().forEach((name, value) -> {
            if (NAMES.contains(name)) {
                tags.add(plain(name) + "-" + value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-"));
            }
        });
        return tags;
    }

    /** {@return the tags of a machine, under their own names} */
    static Map<String, String> read(NodeMetadata node) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String name : NAMES) {
            String prefix = plain(name) + "-";
            node.getTags().stream()
                    .filter(tag -> tag.startsWith(prefix))
                    .findFirst()
                    .ifPresent(tag -> tags.put(name, tag.substring(prefix.length())));
            // Metadata keep the value as it was.
            String value = node.getUserMetadata().get(plain(name));
            if (value != null) {
                tags.put(name, value);
            }
        }
        return tags;
    }

    private static String plain(String name) {
        return name.replace('.', '-');
    }
}
