package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.error.ConfigurationException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides in the place of which nodes the Swarm's manager stands: those that are called master or manager and, where there is none, the
 * only node whose address the templates of others ask for, since workers find their master that way. Stateless.
 */
final class ManagerNodes {
    private static final Pattern CALLED_SO = Pattern.compile(".*(master|manager).*");
    private static final Pattern ASKED_FOR = Pattern.compile("\\bget(?:priv)?ip\\(\\s*['\"]([^'\"]+)['\"]");

    private ManagerNodes() {}

    /**
     * {@return their names}
     *
     * @param unscaled the names of the nodes without scaling
     * @param types the types of all nodes
     */
    static Set<String> of(List<String> unscaled, Set<String> types, Companions companions) {
        List<String> calledSo = unscaled.stream()
                .filter(name -> CALLED_SO.matcher(name.toLowerCase(Locale.ROOT)).matches())
                .toList();
        if (!calledSo.isEmpty()) {
            return Set.copyOf(calledSo);
        }
        Set<String> askedFor = new HashSet<>();
        types.stream()
                .flatMap(type -> companions.definition(type).stream())
                .forEach(definition -> definition
                        .implementations()
                        .items()
                        .forEach(one -> template(one, definition).ifPresent(text -> addAsked(text, askedFor))));
        askedFor.retainAll(unscaled);
        return askedFor.size() == 1 ? Set.copyOf(askedFor) : Set.of();
    }

    private static void addAsked(String template, Set<String> names) {
        Matcher asked = ASKED_FOR.matcher(template);
        while (asked.find()) {
            names.add(asked.group(1));
        }
    }

    /** What cannot be read is told of when the node itself is read. */
    private static Optional<String> template(ConfigNode implementation, Companions.Definition definition) {
        Optional<ConfigNode> template =
                implementation.get("contextualisation").flatMap(context -> context.get("context_template"));
        Optional<ConfigNode> url = template.flatMap(node -> node.get("url"));
        if (url.isEmpty()) {
            return template.map(ConfigNode::text);
        }
        try {
            String path = url.get().text().replaceFirst("^file://", "").strip();
            return Optional.of(definition.file().open(path).text().text());
        } catch (ConfigurationException e) {
            return Optional.empty();
        }
    }
}
