package io.micado.config;

import io.micado.Defaults;
import io.micado.api.config.ConfigNode;
import io.micado.api.config.MapReader;
import io.micado.api.config.Problems;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a service to deploy. Confined to one thread. */
final class ServiceReader {
    private static final Pattern SHORT_PORT = Pattern.compile("(\\d{1,5}):(\\d{1,5})(?:/(tcp|udp|sctp))?");

    private final Problems problems;
    private final PolicyReader policies;

    ServiceReader(Problems problems) {
        this.problems = problems;
        this.policies = new PolicyReader(problems);
    }

    /** {@return the service; empty when it cannot be made} */
    Optional<ServiceSpec> read(String name, MapReader reader) {
        ConfigNode node = reader.node();
        Optional<ServiceSpec.Builder> made = problems.attempt(node, () -> ServiceSpec.builder(name));
        ServiceSpec.Builder service = made.orElseGet(() -> ServiceSpec.builder("service"));
        Optional<String> image = reader.requiredText("image", "the image, such as nginx:1.27");
        image.ifPresent(service::image);
        service.arguments(reader.texts("args").toArray(String[]::new));
        reader.textMap("env").forEach(service::environment);
        reader.items("ports").forEach(port -> port(port).ifPresent(service::publish));
        reader.map("limit").ifPresent(map -> {
            ResourcesReader.read(map, problems).ifPresent(service::limit);
            map.end();
        });
        reader.map("reservation").ifPresent(map -> {
            ResourcesReader.read(map, problems).ifPresent(service::reservation);
            map.end();
        });
        reader.texts("constraints").forEach(service::constraint);
        reader.textMap("labels")
                .forEach((key, value) ->
                        problems.attempt(node.get("labels").orElse(node), () -> service.label(key, value)));
        reader.textMap("attributes").forEach(service::attribute);
        reader.take("replicas").ifPresent(replicas -> replicas(replicas, service));
        reader.take("policy").flatMap(policies::policy).ifPresent(service::policy);
        reader.take("behavior").ifPresent(value -> service.behavior(policies.behavior(value, Behavior.REPLICAS)));
        reader.bool("surgeOnDrain").ifPresent(service::surgeOnDrain);
        reader.bool("keepWorker").ifPresent(service::keepWorker);
        reader.bool("openToWorld").ifPresent(service::openToWorld);
        reader.end();
        return made.isEmpty() || image.isEmpty() ? Optional.empty() : problems.attempt(node, service::build);
    }

    /** A fixed number, or a map of {@code min}, {@code max} and {@code initial}. */
    private void replicas(ConfigNode node, ServiceSpec.Builder service) {
        if (node.kind() == ConfigNode.Kind.TEXT) {
            Optional<Integer> fixed =
                    node.text().matches("\\d{1,6}") ? Optional.of(Integer.valueOf(node.text())) : Optional.empty();
            if (fixed.isEmpty()) {
                problems.add(node, "must be a whole number or a map of min and max, got \"" + node.text() + "\"");
            }
            fixed.ifPresent(count ->
                    problems.attempt(node, () -> service.replicas(count, count).initialReplicas(count)));
            return;
        }
        MapReader reader = MapReader.of(node, problems);
        Bounds bounds = BoundsReader.read(reader, Defaults.REPLICAS, problems);
        problems.attempt(node.get("max").orElse(node), () -> service.replicas(bounds.min(), bounds.max()));
        reader.integer("initial").ifPresent(initial -> {
            if (bounds.contains(initial)) {
                service.initialReplicas(initial);
            } else {
                problems.add(node.get("initial").orElse(node), "must lie within " + bounds + ", got " + initial);
            }
        });
        reader.end();
    }

    private Optional<PublishedPort> port(ConfigNode node) {
        if (node.kind() == ConfigNode.Kind.TEXT) {
            Matcher port = SHORT_PORT.matcher(node.text().trim());
            if (!port.matches()) {
                problems.add(
                        node, "must be PUBLISHED:TARGET, such as 8080:80 or 53:53/udp, got \"" + node.text() + "\"");
                return Optional.empty();
            }
            String protocol = port.group(3) == null ? "tcp" : port.group(3);
            return problems.attempt(
                    node,
                    () -> made(Integer.parseInt(port.group(1)), Integer.parseInt(port.group(2)), protocol, "ingress"));
        }
        MapReader reader = MapReader.of(node, problems);
        Optional<Integer> published = reader.integer("published");
        reader.require("target", "the port in the container");
        Optional<Integer> target = reader.integer("target");
        String protocol =
                reader.choice("protocol", List.of("tcp", "udp", "sctp")).orElse("tcp");
        String mode = reader.choice("mode", List.of("ingress", "host")).orElse("ingress");
        reader.end();
        return target.flatMap(port -> problems.attempt(node, () -> made(published.orElse(0), port, protocol, mode)));
    }

    private static PublishedPort made(int published, int target, String protocol, String mode) {
        return new PublishedPort(
                published,
                target,
                PublishedPort.Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
                PublishedPort.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
    }
}
