package io.micado.config;

import io.micado.Defaults;
import io.micado.api.config.ConfigNode;
import io.micado.api.config.ConfigurationFormat;
import io.micado.api.config.ConfigurationSource;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Adoption;
import io.micado.api.config.InfrastructureDescription.Plugin;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.config.SourceText;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The format {@code micado}: our own YAML, with a key for everything that the builder can be told. Found through
 * {@link java.util.ServiceLoader}; stateless.
 */
public final class MicadoFormat implements ConfigurationFormat {
    static final String TYPE = "micado";

    private static final int VERSION = 1;
    private static final Pattern OWN_KEY =
            Pattern.compile("(?m)^[\"']?(micado|pools|clouds|orchestrator|adoptServices)[\"']?[ \\t]*:");
    private static final Pattern CLOUD_CONFIG = Pattern.compile("(?m)^(#cloud-config|write_files:)");

    /** Creates the format; called by the {@link java.util.ServiceLoader}. */
    public MicadoFormat() {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public boolean recognises(SourceText text) {
        String all = text.text();
        return OWN_KEY.matcher(all).find() && !CLOUD_CONFIG.matcher(all).find();
    }

    @Override
    public InfrastructureDescription read(ConfigurationSource source) {
        Problems problems = new Problems();
        ConfigNode root = source.parse(source.text(), problems);
        MapReader file = MapReader.of(root, problems);
        checkVersion(file, root, problems);
        InfrastructureDescription.Builder description =
                InfrastructureDescription.builder().assumed("format " + TYPE);
        file.requiredText("name", "the infrastructure's name, such as shop")
                .flatMap(name -> problems.attempt(
                        root.get("name").orElse(root), () -> InfrastructureDescription.checkName(name)))
                .ifPresent(description::name);
        readPlugins(file, description, problems);
        PoolReader pools = new PoolReader(problems);
        file.namedMaps("pools").forEach((name, pool) -> pools.read(name, pool).ifPresent(description::pool));
        ServiceReader services = new ServiceReader(problems);
        file.namedMaps("services")
                .forEach((name, one) -> services.read(name, one).ifPresent(description::service));
        readPolicies(file, description, problems);
        readEngine(file, description, problems);
        file.end();
        return description.problems(problems).build();
    }

    private static void checkVersion(MapReader file, ConfigNode root, Problems problems) {
        file.integer(TYPE)
                .filter(version -> version != VERSION)
                .ifPresent(version -> problems.add(
                        root.get(TYPE).orElse(root),
                        "is of format version " + version + "; this program knows version " + VERSION));
    }

    private static void readPlugins(MapReader file, InfrastructureDescription.Builder description, Problems problems) {
        file.take("orchestrator").flatMap(node -> plugin(node, problems)).ifPresent(description::orchestrator);
        file.map("clouds")
                .ifPresent(clouds -> clouds.node()
                        .entries()
                        .forEach((name, entry) ->
                                plugin(entry.value(), problems).ifPresent(cloud -> description.cloud(name, cloud))));
        Optional<ConfigNode> one = file.take("metrics").filter(node -> node.kind() == ConfigNode.Kind.TEXT);
        one.map(List::of)
                .orElseGet(() -> file.items("metrics"))
                .forEach(node -> plugin(node, problems).ifPresent(description::metricSource));
    }

    /** A plug-in by its type alone, or by a map of {@code type} and settings. */
    private static Optional<Plugin> plugin(ConfigNode node, Problems problems) {
        if (node.kind() == ConfigNode.Kind.TEXT) {
            return Optional.of(new Plugin(node.text(), Settings.EMPTY.at(node.position())));
        }
        MapReader reader = MapReader.of(node, problems);
        Optional<String> type = reader.requiredText("type", "which plug-in it is, such as swarm or ec2");
        Settings settings = reader.rest();
        return type.map(name -> new Plugin(name, settings));
    }

    private static void readPolicies(MapReader file, InfrastructureDescription.Builder description, Problems problems) {
        PolicyReader policies = new PolicyReader(problems);
        file.take("defaultPolicy").flatMap(policies::policy).ifPresent(description::defaultPolicy);
        file.map("policies")
                .ifPresent(map -> map.node()
                        .entries()
                        .forEach((service, entry) -> policies.policy(entry.value())
                                .ifPresent(policy -> description.policy(service, policy))));
        file.map("adoptServices").ifPresent(adopt -> {
            adopt.require("policy", "the policy of services that others deploy, such as target-tracking");
            Optional<PolicySpec> policy = adopt.take("policy").flatMap(policies::policy);
            Bounds bounds = BoundsReader.read(adopt, Defaults.REPLICAS, problems);
            Behavior behavior = adopt.take("behavior")
                    .map(node -> policies.behavior(node, Behavior.REPLICAS))
                    .orElse(Behavior.REPLICAS);
            adopt.end();
            policy.ifPresent(given -> description.adoption(new Adoption(given, bounds, behavior)));
        });
    }

    private static void readEngine(MapReader file, InfrastructureDescription.Builder description, Problems problems) {
        file.duration("passInterval").ifPresent(interval -> {
            if (interval.isZero() || interval.isNegative()) {
                problems.add(file.node().get("passInterval").orElseThrow(), "must be positive, such as 5s");
            } else {
                description.passInterval(interval);
            }
        });
        file.bool("rebalance").ifPresent(description::rebalance);
        file.bool("openSsh").ifPresent(description::openSsh);
        file.bool("dryRun").ifPresent(description::dryRun);
        file.text("stateDirectory").ifPresent(directory -> {
            try {
                description.stateDirectory(Path.of(directory));
            } catch (InvalidPathException e) {
                problems.add(file.node().get("stateDirectory").orElseThrow(), "must be the path of a directory");
            }
        });
    }
}
