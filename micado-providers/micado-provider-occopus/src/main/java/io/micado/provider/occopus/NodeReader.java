package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Note;
import io.micado.api.config.MapReader;
import io.micado.api.config.Nearest;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.Bounds;
import io.micado.api.worker.Bootstrap;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a pool of a node and the implementations of its type. Confined to one thread. */
final class NodeReader {
    private static final Set<String> PROBES = Set.of("ports", "urls", "mysqldbs");

    private final Problems problems;
    private final InfrastructureDescription.Builder description;
    private final Companions companions;
    private final Clouds clouds;
    private final String infrastructure;
    private final Set<String> managers;
    private @Nullable Templates templates;

    NodeReader(
            Problems problems,
            InfrastructureDescription.Builder description,
            Companions companions,
            Clouds clouds,
            String infrastructure,
            Set<String> managers) {
        this.problems = problems;
        this.description = description;
        this.companions = companions;
        this.clouds = clouds;
        this.infrastructure = infrastructure;
        this.managers = managers;
    }

    /** Reads a node and adds its pool to the description. */
    void read(String name, MapReader node, Map<String, Object> inherited) {
        Optional<String> type = node.requiredText("type", "the node definition, TYPE of node_def:TYPE");
        if (node.node().get("scaling").isEmpty()) {
            description.assumed(
                    "node " + name + ": has no scaling, so it is a pool of one worker, neither more nor fewer");
        }
        // As in the original: one at least, and no more than the fewest unless it is said.
        Bounds bounds = ScalingReader.read(node, Bounds.of(1, 1), problems);
        Map<String, Object> variables = new LinkedHashMap<>(inherited);
        node.take("variables").ifPresent(own -> variables.putAll(OccopusReader.values(own.settings(problems))));
        Optional<MapReader> filter = node.map("filter");
        node.end();
        Optional<WorkerPool.Builder> pool =
                problems.attempt(node.node(), () -> WorkerPool.builder(name).between(bounds.min(), bounds.max()));
        Optional<Companions.Definition> definition = type.flatMap(one -> definition(one, node.node()));
        if (definition.isEmpty()) {
            return;
        }
        List<ConfigNode> implementations = implementations(definition.get(), filter);
        List<Offering> offerings = new ArrayList<>();
        Set<ContextSource> contexts = new LinkedHashSet<>();
        Optional<Duration> timeout = Optional.empty();
        for (ConfigNode implementation : implementations) {
            MapReader reader = MapReader.of(implementation, problems);
            reader.require("resource", "type and machine of the cloud");
            reader.take("resource")
                    .flatMap(this::offering)
                    .ifPresent(offering -> offerings.add(named(offering, offerings)));
            Optional<Duration> own = reader.map("health_check").flatMap(this::timeout);
            timeout = own.isPresent() && (timeout.isEmpty() || own.get().compareTo(timeout.get()) > 0) ? own : timeout;
            contexts.add(context(reader, definition.get()));
            reader.take("config_management")
                    .ifPresent(
                            value -> description.ignored(
                                    value,
                                    "config_management: no Chef or Puppet is run; put what is needed into the template or the image"));
            reader.end();
        }
        Optional<Bootstrap> bootstrap = bootstrap(name, variables, contexts);
        if (pool.isPresent() && !offerings.isEmpty() && bootstrap.isPresent()) {
            offerings.forEach(pool.get()::offering);
            timeout.ifPresent(pool.get()::joinTimeout);
            problems.attempt(
                            node.node(),
                            () -> pool.get().bootstrap(bootstrap.get()).build())
                    .ifPresent(description::pool);
            description.used(
                    node.node(),
                    "node " + name + ": pool " + name + " of " + bounds + " workers, of "
                            + offerings.stream().map(Offering::name).toList());
        }
    }

    private Optional<Companions.Definition> definition(String type, ConfigNode node) {
        Optional<Companions.Definition> definition = companions.definition(type);
        if (definition.isEmpty()) {
            List<String> types = companions.types();
            problems.add(
                    node.get("type").orElse(node),
                    "there is no node_def:" + type
                            + Nearest.of(type, types)
                                    .map(near -> "; did you mean \"" + near + "\"?")
                                    .orElse("")
                            + (types.isEmpty()
                                    ? "; no file with node definitions was found beside this one or in its folder nodes"
                                    : "; known: " + String.join(", ", types)));
        }
        return definition;
    }

    private List<ConfigNode> implementations(Companions.Definition definition, Optional<MapReader> filter) {
        ConfigNode all = definition.implementations();
        if (all.kind() != ConfigNode.Kind.LIST || all.items().isEmpty()) {
            problems.add(all, "must be a list of implementations, each with resource");
            return List.of();
        }
        if (filter.isEmpty()) {
            return all.items();
        }
        List<ConfigNode> passed = all.items().stream()
                .filter(one ->
                        passes(one.get("resource").orElse(one), filter.get().node()))
                .toList();
        if (passed.isEmpty()) {
            problems.add(
                    filter.get().node(),
                    "lets none of the " + all.items().size() + " implementations at " + all.position() + " pass");
        }
        all.items().stream()
                .filter(one -> !passed.contains(one))
                .forEach(one -> description.ignored(one, "an implementation that the filter leaves out"));
        return passed;
    }

    private static boolean passes(ConfigNode resource, ConfigNode filter) {
        return filter.entries().entrySet().stream()
                .allMatch(wanted -> resource.get(wanted.getKey())
                        .map(ConfigNode::text)
                        .filter(wanted.getValue().value().text()::equals)
                        .isPresent());
    }

    private Optional<Offering> offering(ConfigNode resource) {
        Optional<CloudType> type = clouds.type(resource);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        Optional<ConfigNode> auth = companions.auth(resource);
        if (auth.isEmpty()) {
            problems.add(
                    resource,
                    companions.hasCredentials()
                            ? "there is no auth_data for this resource: none of type "
                                    + type.get().type() + " whose other keys equal those here"
                            : "there is no auth_data: put auth_data.yaml beside this file, or name it too");
            return Optional.empty();
        }
        return clouds.make(type.get(), resource, auth.get()).map(Clouds.Made::offering);
    }

    /** The offering under a name that none of the others has. */
    private static Offering named(Offering offering, List<Offering> others) {
        String name = offering.name();
        int number = 2;
        while (isTaken(name, others)) {
            name = offering.name() + "#" + number;
            number++;
        }
        return Offering.builder(offering.cloud(), offering.instanceType())
                .name(name)
                .settings(offering.settings())
                .build();
    }

    private static boolean isTaken(String name, List<Offering> others) {
        return others.stream().anyMatch(other -> other.name().equals(name));
    }

    private Optional<Duration> timeout(MapReader check) {
        check.bool("ping");
        check.items("ports");
        check.items("urls");
        check.items("mysqldbs");
        Optional<Integer> seconds = check.integer("timeout").filter(value -> {
            if (value <= 0) {
                problems.add(check.node().get("timeout").orElseThrow(), "must be seconds above 0, got " + value);
            }
            return value > 0;
        });
        check.end();
        if (check.keys().stream().anyMatch(PROBES::contains)) {
            description.ignored(
                    check.node(),
                    "health_check: ports, urls and mysqldbs are not tried; a worker is healthy while its Swarm node is ready, and a "
                            + "service while the health check of its image says so");
        }
        seconds.ifPresent(value -> description.used(
                check.node(), "health_check: a machine that has not joined after " + value + " s is replaced"));
        return seconds.map(Duration::ofSeconds);
    }

    /** Where a template comes from; two implementations with the same one are equal. */
    private record ContextSource(Optional<ConfigNode> where, Optional<SourceText> template, boolean wrong) {
        static final ContextSource NONE = new ContextSource(Optional.empty(), Optional.empty(), false);
        static final ContextSource WRONG = new ContextSource(Optional.empty(), Optional.empty(), true);

        @Override
        public boolean equals(Object other) {
            return other instanceof ContextSource that && wrong == that.wrong && text().equals(that.text());
        }

        @Override
        public int hashCode() {
            return text().hashCode();
        }

        private Optional<String> text() {
            return template.map(SourceText::text);
        }
    }

    private ContextSource context(MapReader implementation, Companions.Definition definition) {
        Optional<MapReader> context = implementation.map("contextualisation");
        if (context.isEmpty()) {
            return ContextSource.NONE;
        }
        context.get().choice("type", List.of("cloudinit"));
        context.get().take("attributes").ifPresent(node -> description.ignored(node, "attributes: are for Chef"));
        Optional<ConfigNode> template = context.get().take("context_template");
        context.get().end();
        return template.map(node -> template(node, definition)).orElse(ContextSource.NONE);
    }

    private ContextSource template(ConfigNode node, Companions.Definition definition) {
        boolean imported = node.tag()
                .filter(tag -> tag.equals("!yaml_import") || tag.equals("!text_import"))
                .isPresent();
        if (!imported) {
            if (node.kind() != ConfigNode.Kind.TEXT) {
                problems.add(
                        node, "must be a text, such as one after \"|\", or !yaml_import with url, got " + node.kind());
                return ContextSource.WRONG;
            }
            return new ContextSource(Optional.of(node), Optional.of(node.embedded()), false);
        }
        Optional<ConfigNode> url = node.get("url");
        if (url.isEmpty() || !url.get().text().startsWith("file://")) {
            problems.add(node, "must hold url: file://FILE");
            return ContextSource.WRONG;
        }
        String path = url.get().text().substring("file://".length()).trim();
        try {
            SourceText text = definition.file().open(path).text();
            return new ContextSource(url, Optional.of(text), false);
        } catch (ConfigurationException e) {
            problems.add(
                    url.get(),
                    "names " + path + ", which " + e.problems().get(0).message());
            return ContextSource.WRONG;
        }
    }

    /** Made when the first template comes: it takes a while, and most files have none. */
    private Templates templates() {
        Templates made = templates;
        if (made == null) {
            made = new Templates();
            templates = made;
        }
        return made;
    }

    private Optional<Bootstrap> bootstrap(String node, Map<String, Object> variables, Set<ContextSource> contexts) {
        if (contexts.contains(ContextSource.WRONG)) {
            return Optional.empty();
        }
        if (contexts.size() > 1) {
            ContextSource further = List.copyOf(contexts).get(1);
            ConfigNode where = further.where()
                    .or(() -> List.copyOf(contexts).get(0).where())
                    .orElseThrow();
            problems.add(
                    where, "differs from that of another implementation of this node; all of a pool need the same one");
            return Optional.empty();
        }
        Optional<ContextSource> context =
                contexts.stream().findFirst().filter(one -> one.template().isPresent());
        if (context.isEmpty()) {
            description.assumed("node " + node
                    + ": has no template, so its machines install Docker and join the Swarm by themselves");
            return Optional.of(Originals.bootstrap());
        }
        ConfigNode where = context.get().where().orElseThrow();
        SourceText text = context.get().template().orElseThrow();
        ContextTemplate template = new ContextTemplate(templates(), text, infrastructure, node, variables, managers);
        template.check(where, problems);
        description.used(where, "node " + node + ": the template makes its machines workers");
        if (text.text().contains(":2375")) {
            description.note(
                    Note.Kind.CHANGED,
                    "the template asks port 2375 of the manager for the join token, but that port is never open here: write {{micado.join}} "
                            + "instead, or leave contextualisation out",
                    where.position());
        } else if (!text.text().contains("micado.")) {
            description.note(
                    Note.Kind.CHANGED,
                    "the template has to make the machine join the Swarm: {{micado.join}} is the command that does",
                    where.position());
        }
        return Optional.of(template);
    }
}
