package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.ConfigurationSource;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.MapReader;
import io.micado.api.config.Nearest;
import io.micado.api.config.Problems;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads an infrastructure description of Occopus. Used once, by one thread. */
final class OccopusReader {
    private final ConfigurationSource source;
    private final Problems problems;
    private final InfrastructureDescription.Builder description;

    /** A node of the description. */
    private record DescribedNode(String name, MapReader reader, boolean scaled) {}

    OccopusReader(ConfigurationSource source, Problems problems, InfrastructureDescription.Builder description) {
        this.source = source;
        this.problems = problems;
        this.description = description;
    }

    void read(ConfigNode root) {
        Originals.addPlugins(description);
        Companions companions = new Companions(problems);
        companions.add(source, root);
        source.companions().forEach(companions::add);
        MapReader file = MapReader.of(root, problems);
        Optional<String> name = file.requiredText("infra_name", "the infrastructure's name")
                .flatMap(text -> problems.attempt(
                        root.get("infra_name").orElse(root), () -> InfrastructureDescription.checkName(text)));
        name.ifPresent(description::name);
        file.take("user_id").ifPresent(node -> description.ignored(node, "user_id: there are no users here"));
        Map<String, Object> variables = variables(file);
        List<DescribedNode> nodes = nodes(file);
        Set<String> managers = managers(nodes, companions);
        if (!nodes.isEmpty() && nodes.stream().map(DescribedNode::name).allMatch(managers::contains)) {
            problems.add(
                    file.node().get("nodes").orElse(file.node()),
                    "holds no node but masters, in whose place the Swarm's manager stands: add the workers");
        }
        Clouds clouds = new Clouds(problems);
        NodeReader reader =
                new NodeReader(problems, description, companions, clouds, name.orElse("infrastructure"), managers);
        for (DescribedNode node : nodes) {
            if (managers.contains(node.name())) {
                leaveOut(node);
            } else {
                reader.read(node.name(), node.reader(), variables);
            }
        }
        clouds.all().forEach(description::cloud);
        dependencies(file, nodes);
        root.entries().keySet().stream()
                .filter(key -> key.startsWith("node_def:"))
                .forEach(file::take);
        file.end();
    }

    private Map<String, Object> variables(MapReader reader) {
        return reader.take("variables")
                .map(node -> values(node.settings(problems)))
                .orElse(Map.of());
    }

    /** {@return the values of settings, as they are} */
    static Map<String, Object> values(Settings settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        settings.keys().forEach(key -> values.put(key, settings.raw(key).orElseThrow()));
        return values;
    }

    private List<DescribedNode> nodes(MapReader file) {
        file.require("nodes", "the nodes, each with name and type");
        List<DescribedNode> nodes = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (MapReader node : file.maps("nodes")) {
            Optional<String> name = node.requiredText("name", "the node's name, unique in the infrastructure");
            if (name.isPresent() && !names.add(name.get())) {
                problems.add(node.node().get("name").orElse(node.node()), "is the name of two nodes");
            } else if (name.isPresent()) {
                nodes.add(new DescribedNode(
                        name.get(), node, node.node().get("scaling").isPresent()));
            }
        }
        return nodes;
    }

    /** The only node is a worker, whatever it is called. */
    private static Set<String> managers(List<DescribedNode> nodes, Companions companions) {
        if (nodes.size() == 1) {
            return Set.of();
        }
        List<String> unscaled = nodes.stream()
                .filter(node -> !node.scaled())
                .map(DescribedNode::name)
                .toList();
        Set<String> types = nodes.stream()
                .flatMap(node -> node.reader().node().get("type").stream())
                .map(ConfigNode::text)
                .collect(Collectors.toSet());
        return ManagerNodes.of(unscaled, types, companions);
    }

    private void leaveOut(DescribedNode node) {
        description.ignored(
                node.reader().node(),
                "node " + node.name()
                        + ": the Swarm's manager stands in its place, and has its address in templates; it is not "
                        + "launched");
    }

    /** Dependencies only need to make sense: workers join a Swarm that is there before all of them. */
    private void dependencies(MapReader file, List<DescribedNode> nodes) {
        List<String> names = nodes.stream().map(DescribedNode::name).toList();
        List<ConfigNode> edges = file.items("dependencies");
        for (ConfigNode edge : edges) {
            ConfigNode pair =
                    edge.kind() == ConfigNode.Kind.MAP ? edge.get("connection").orElse(edge) : edge;
            if (pair.kind() != ConfigNode.Kind.LIST || pair.items().size() != 2) {
                problems.add(pair, "must be a pair of nodes, such as [ *B, *A ]");
                continue;
            }
            for (ConfigNode end : pair.items()) {
                String name = end.get("name").map(ConfigNode::text).orElse(end.text());
                if (!names.contains(name)) {
                    problems.add(
                            end,
                            "names no node of this infrastructure"
                                    + Nearest.of(name, names)
                                            .map(near -> "; did you mean \"" + near + "\"?")
                                            .orElse("")
                                    + "; known: " + String.join(", ", names));
                }
            }
        }
        file.take("dependencies")
                .ifPresent(node -> description.ignored(
                        node,
                        "dependencies: the Swarm is there before any worker, and workers do not wait for each other"));
    }
}
