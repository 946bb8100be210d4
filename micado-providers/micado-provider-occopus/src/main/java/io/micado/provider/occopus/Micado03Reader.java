package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.ConfigurationSource;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Adoption;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import io.micado.api.config.SourceText.Line;
import io.micado.api.error.ConfigurationException;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.worker.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the cloud-config of MiCADO 0.3. Used once, by one thread. */
final class Micado03Reader {
    private static final String USER_DATA = "temp_user_data.yaml";
    private static final String SCALING_POLICY = "scaling_policy.yaml";
    private static final Pattern COMMENTED_OUT = Pattern.compile(" *# *- *path *:.*" + USER_DATA + " *");
    private static final Pattern HEADING = Pattern.compile(" *# *USER DATA *- *(.*?) *");
    /** The original knows no most. */
    private static final Bounds REPLICAS = Bounds.of(1, 1_000);

    private final ConfigurationSource source;
    private final Problems problems;
    private final InfrastructureDescription.Builder description;

    Micado03Reader(ConfigurationSource source, Problems problems, InfrastructureDescription.Builder description) {
        this.source = source;
        this.problems = problems;
        this.description = description;
    }

    void read(ConfigNode root) {
        description.name(Originals.INFRASTRUCTURE);
        Originals.addPlugins(description);
        MapReader file = MapReader.of(root, problems);
        List<ConfigNode> userData = new ArrayList<>();
        List<ConfigNode> scaling = new ArrayList<>();
        for (ConfigNode entry : file.items("write_files")) {
            String path = entry.get("path").map(ConfigNode::text).orElse("").trim();
            if (path.endsWith(USER_DATA)) {
                userData.add(entry);
            } else if (path.endsWith(SCALING_POLICY)) {
                scaling.add(entry);
            } else {
                String name = path.isEmpty() ? "an entry of write_files" : path;
                description.ignored(entry, name + ": belongs to the installation of the original");
            }
        }
        root.entries().forEach((key, entry) -> {
            if (!key.equals("write_files")) {
                description.note(
                        InfrastructureDescription.Note.Kind.IGNORED,
                        key + ": belongs to the installation of the original",
                        entry.position());
            }
        });
        one(userData, USER_DATA).ifPresentOrElse(this::readUserData, () -> missing(root));
        readPolicies(one(scaling, SCALING_POLICY));
    }

    private void missing(ConfigNode root) {
        List<String> blocks = commentedOut();
        problems.add(
                "write_files",
                "has no entry whose path ends in " + USER_DATA
                        + (blocks.isEmpty()
                                ? "; the file of MiCADO 0.3 has one for each cloud"
                                : "; the blocks of all clouds are commented out: take the \"#\" away from the one of yours, of "
                                        + String.join(", ", blocks)),
                root.get("write_files").map(ConfigNode::position).orElse(root.position()));
    }

    private List<String> commentedOut() {
        List<String> blocks = new ArrayList<>();
        String heading = "";
        for (Line line : source.text().lines()) {
            Matcher matcher = HEADING.matcher(line.text());
            if (matcher.matches()) {
                heading = matcher.group(1) + " in ";
            } else if (COMMENTED_OUT.matcher(line.text()).matches()) {
                blocks.add(heading + "line " + line.number());
                heading = "";
            }
        }
        return blocks;
    }

    /** {@return the first of the entries, each further one being a problem: cloud-init would let the last one win} */
    private Optional<ConfigNode> one(List<ConfigNode> entries, String name) {
        for (ConfigNode further : entries.subList(Math.min(1, entries.size()), entries.size())) {
            problems.add(
                    further,
                    "is a second entry for " + name + "; the first one is in line "
                            + entries.get(0).position().line() + ": keep the one of your cloud");
        }
        return entries.stream().findFirst();
    }

    /** {@return the YAML in the content of an entry} */
    private Optional<ConfigNode> content(ConfigNode entry) {
        MapReader reader = MapReader.of(entry, problems);
        reader.require("content", "the text of the file");
        Optional<ConfigNode> content = reader.take("content");
        if (entry.get("encoding").isPresent()) {
            problems.add(entry.get("encoding").get(), "is not read here; write the content as it is");
            return Optional.empty();
        }
        if (content.isEmpty() || content.get().kind() == ConfigNode.Kind.MAP) {
            return content;
        }
        if (content.get().kind() != ConfigNode.Kind.TEXT) {
            problems.add(content.get(), "must be a text, got " + content.get().kind());
            return Optional.empty();
        }
        SourceText embedded = content.get().embedded();
        try {
            return Optional.of(source.parse(embedded, problems));
        } catch (ConfigurationException e) {
            e.problems().forEach(problems::add);
            return Optional.empty();
        }
    }

    private void readUserData(ConfigNode entry) {
        Optional<ConfigNode> content = content(entry);
        if (content.isEmpty()) {
            return;
        }
        MapReader file = MapReader.of(content.get(), problems);
        file.require("user_data", "auth_data, resource and scaling of the workers");
        file.map("user_data").ifPresent(userData -> {
            description.used(entry, USER_DATA + ": the cloud, its machines, and how many");
            userData.require("auth_data", "type and credentials of the account");
            userData.require("resource", "type and machines of the cloud");
            Bounds bounds = ScalingReader.read(userData, Bounds.of(1, 10), problems);
            ConfigNode auth = userData.map("auth_data")
                    .map(MapReader::node)
                    .orElse(userData.node().with(Map.of()));
            userData.take("resource").ifPresent(resource -> readPool(resource, auth, bounds));
            userData.end();
        });
        file.end();
    }

    private void readPool(ConfigNode resource, ConfigNode auth, Bounds bounds) {
        Clouds clouds = new Clouds(problems);
        Optional<Clouds.Made> made = clouds.type(resource).flatMap(type -> clouds.make(type, resource, auth));
        clouds.all().forEach(description::cloud);
        made.flatMap(one -> problems.attempt(
                        resource,
                        () -> WorkerPool.builder(Originals.POOL)
                                .between(bounds.min(), bounds.max())
                                .offering(one.offering())
                                .policy(Originals.policy())
                                .behavior(Behavior.IMMEDIATE)
                                .bootstrap(Originals.bootstrap())
                                .build()))
                .ifPresent(description::pool);
        description.assumed("pool " + Originals.POOL
                + ": one machine more above 60 % CPU for 1 min, one less below 20 % for 2 min, as in MiCADO 0.3");
    }

    private void readPolicies(Optional<ConfigNode> entry) {
        description.adoption(new Adoption(Originals.policy(), REPLICAS, Behavior.IMMEDIATE));
        description.assumed(
                "every replicated service of the Swarm: one replica more above 90 % CPU for 30 s, one less below 10 %, "
                        + "as in MiCADO 0.3");
        Optional<ConfigNode> content = entry.flatMap(this::content);
        if (content.isEmpty()) {
            return;
        }
        description.used(entry.get(), SCALING_POLICY + ": thresholds of services");
        MapReader file = MapReader.of(content.get(), problems);
        file.namedMaps("services").forEach((service, thresholds) -> {
            Optional<ConfigNode> up = thresholds.number("scaleup").flatMap(v -> thresholds.take("scaleup"));
            Optional<ConfigNode> down = thresholds.number("scaledown").flatMap(v -> thresholds.take("scaledown"));
            thresholds.end();
            description.policy(service, Originals.policy(up, down));
        });
        file.end();
    }
}
