package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.ConfigurationSource;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.error.ConfigurationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files beside an infrastructure description: node definitions, by type, and credentials. Files that hold neither are left alone.
 * Confined to one thread.
 */
final class Companions {
    private static final String DEFINITION = "node_def:";
    private static final Pattern RELEVANT =
            Pattern.compile("(?m)^ *(?:- *)?[\"']?(" + DEFINITION + "\\S|auth_data[\"']? *:)");

    private final Problems problems;
    private final Map<String, Definition> definitions = new LinkedHashMap<>();
    private final List<ConfigNode> credentials = new ArrayList<>();

    /** The implementations of a node type, and the file that holds them. */
    record Definition(ConfigNode implementations, ConfigurationSource file) {}

    Companions(Problems problems) {
        this.problems = problems;
    }

    /** Takes what a file holds. */
    void add(ConfigurationSource file) {
        try {
            if (RELEVANT.matcher(file.text().text()).find()) {
                add(file, file.parse(file.text(), problems));
            }
        } catch (ConfigurationException e) {
            e.problems().forEach(problems::add);
        }
    }

    /** Takes what the nodes of a file hold. */
    void add(ConfigurationSource file, ConfigNode root) {
        root.entries().forEach((key, entry) -> {
            if (key.startsWith(DEFINITION)) {
                String type = key.substring(DEFINITION.length()).trim();
                Definition other = definitions.putIfAbsent(type, new Definition(entry.value(), file));
                if (other != null) {
                    problems.add(
                            key,
                            "is defined twice; the first one is at "
                                    + other.implementations().position(),
                            entry.position());
                }
            } else if (key.equals("resource") && entry.value().kind() == ConfigNode.Kind.LIST) {
                credentials.addAll(entry.value().items());
            }
        });
    }

    /** {@return the definition of a node type} */
    Optional<Definition> definition(String type) {
        return Optional.ofNullable(definitions.get(type));
    }

    /** {@return the node types that are defined} */
    List<String> types() {
        return List.copyOf(definitions.keySet());
    }

    /** {@return whether there are any credentials} */
    boolean hasCredentials() {
        return !credentials.isEmpty();
    }

    /**
     * {@return the {@code auth_data} for a resource}: of the entries of which each key equals that of the resource, the one that
     * names most of them
     */
    Optional<ConfigNode> auth(ConfigNode resource) {
        return credentials.stream()
                .filter(entry -> matches(entry, resource))
                .max(Comparator.comparingInt(entry -> entry.entries().size()))
                .flatMap(entry -> {
                    MapReader reader = MapReader.of(entry, problems);
                    reader.require("auth_data", "the credentials");
                    return reader.take("auth_data");
                });
    }

    private static boolean matches(ConfigNode entry, ConfigNode resource) {
        return entry.kind() == ConfigNode.Kind.MAP
                && entry.get("type").isPresent()
                && entry.entries().entrySet().stream()
                        .filter(one -> !one.getKey().equals("auth_data"))
                        .allMatch(one -> one.getValue()
                                .value()
                                .text()
                                .equals(resource.get(one.getKey())
                                        .map(ConfigNode::text)
                                        .orElse("")));
    }
}
