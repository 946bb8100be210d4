package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.ClusterChange;
import io.micado.docker.DockerJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes a {@link ServiceSpec} into the JSON of a Swarm service, for {@link ClusterWriter}. Stateless.
 *
 * <p>What a specification speaks of becomes as it says: image, arguments, environment, limits and reservations of CPU
 * and memory, constraints and ports. Labels are added to, and those of ours are taken back that the last specification had asked for and
 * this one does not. Everything else that is on the service, such as capabilities,
 * mounts, other limits or update settings, stays untouched; and what says the same already is not rewritten, because
 * any difference restarts the replicas.
 */
final class ServiceDocument {
    /** The service's attribute for the most replicas on one node. */
    static final String MAX_REPLICAS_PER_NODE = "swarm.maxReplicasPerNode";
    /** The service's attribute for the networks to join, joined by commas. */
    static final String NETWORKS = "swarm.networks";

    private static final Set<String> ATTRIBUTES = Set.of(MAX_REPLICAS_PER_NODE, NETWORKS);
    private static final String ATTRIBUTE_PREFIX = "swarm.";

    private ServiceDocument() {}

    /** {@return the whole document of a service that does not exist yet} */
    static ObjectNode create(ClusterChange.Deploy deploy) {
        ServiceSpec spec = deploy.spec();
        ObjectNode document = DockerJson.object();
        document.put("Name", spec.name());
        DockerJson.objectAt(DockerJson.objectAt(document, "Mode"), "Replicated")
                .put("Replicas", spec.initialReplicas());
        apply(document, deploy);
        return document;
    }

    /** Brings the specification of a service that exists, {@code Spec} of its JSON, to ours. */
    static void apply(ObjectNode document, ClusterChange.Deploy deploy) {
        ServiceSpec spec = deploy.spec();
        checkAttributes(spec);
        applyLabels(document, deploy);

        ObjectNode template = DockerJson.objectAt(document, "TaskTemplate");
        ObjectNode container = DockerJson.objectAt(template, "ContainerSpec");
        applyImage(container, spec.image());
        setTexts(container, "Args", spec.arguments());
        List<String> environment = new ArrayList<>();
        spec.environment().forEach((key, value) -> environment.add(key + "=" + value));
        setTexts(container, "Env", environment);

        ObjectNode resources = DockerJson.objectAt(template, "Resources");
        applyResources(resources, "Limits", spec.limit());
        applyResources(resources, "Reservations", spec.reservation());

        ObjectNode placement = DockerJson.objectAt(template, "Placement");
        setTexts(placement, "Constraints", spec.constraints());
        String most = spec.attributes().get(MAX_REPLICAS_PER_NODE);
        if (most != null) {
            placement.put("MaxReplicas", parseCount(spec, most));
        }
        applyNetworks(template, spec.attributes().getOrDefault(NETWORKS, ""));
        applyPorts(document, spec.ports());
    }

    private static void applyLabels(ObjectNode document, ClusterChange.Deploy deploy) {
        Map<String, String> present = DockerJson.texts(document.path("Labels"));
        Map<String, String> wanted = deploy.labelsOver(present);
        if (!wanted.equals(present)) {
            ObjectNode all = DockerJson.objectAt(document, "Labels");
            all.removeAll();
            wanted.forEach(all::put);
        }
    }

    /** Sets labels of a service or node; an empty value removes one. */
    static void setLabels(ObjectNode spec, Map<String, String> labels) {
        if (labels.isEmpty()) {
            return;
        }
        ObjectNode all = DockerJson.objectAt(spec, "Labels");
        labels.forEach((key, value) -> {
            if (value.isEmpty()) {
                all.remove(key);
            } else {
                all.put(key, value);
            }
        });
    }

    private static void applyImage(ObjectNode container, String image) {
        String current = container.path("Image").asText("");
        // The docker command pins an image to the digest that it found; that is the same image.
        boolean pinned = current.startsWith(image + "@");
        if (!pinned && !current.equals(image)) {
            container.put("Image", image);
        }
    }

    private static void applyResources(ObjectNode resources, String which, Resources amount) {
        if (amount.isZero() && !resources.hasNonNull(which)) {
            return;
        }
        ObjectNode target = DockerJson.objectAt(resources, which);
        setAmount(target, "NanoCPUs", Math.round(amount.cpuCores() * Json.NANOS_PER_CORE));
        setAmount(target, "MemoryBytes", amount.memoryBytes());
    }

    private static void setAmount(ObjectNode target, String field, long amount) {
        if (amount == 0) {
            target.remove(field);
        } else if (target.path(field).asLong() != amount) {
            target.put(field, amount);
        }
    }

    private static void applyPorts(ObjectNode document, List<PublishedPort> ports) {
        JsonNode present = document.path("EndpointSpec").path("Ports");
        Set<PublishedPort> current = new HashSet<>();
        present.forEach(port -> current.add(ServiceMapping.port(port)));
        if (current.equals(new HashSet<>(ports))) {
            return;
        }
        ArrayNode target = DockerJson.objectAt(document, "EndpointSpec").putArray("Ports");
        for (PublishedPort port : ports) {
            ObjectNode json = target.addObject();
            json.put("Protocol", port.protocol().name().toLowerCase(Locale.ROOT));
            json.put("TargetPort", port.target());
            if (port.published() > 0) {
                json.put("PublishedPort", port.published());
            }
            json.put("PublishMode", port.mode() == PublishedPort.Mode.HOST ? "host" : "ingress");
        }
    }

    private static void applyNetworks(ObjectNode template, String networks) {
        if (networks.isBlank() || !template.path("Networks").isEmpty()) {
            return; // the Swarm replaces names by ids, so a second look could not tell whether they are the same
        }
        ArrayNode target = template.putArray("Networks");
        for (String network : networks.split(",", -1)) {
            target.addObject().put("Target", network.trim());
        }
    }

    private static void setTexts(ObjectNode parent, String field, List<String> texts) {
        if (Json.texts(parent.path(field)).equals(texts)) {
            return;
        }
        ArrayNode array = parent.putArray(field);
        texts.forEach(array::add);
    }

    private static void checkAttributes(ServiceSpec spec) {
        for (String key : spec.attributes().keySet()) {
            if (key.startsWith(ATTRIBUTE_PREFIX) && !ATTRIBUTES.contains(key)) {
                throw wrong(
                        spec,
                        key,
                        "is unknown; known are " + ATTRIBUTES.stream().sorted().toList());
            }
        }
    }

    private static int parseCount(ServiceSpec spec, String text) {
        if (!text.matches("\\d{1,9}")) {
            throw wrong(spec, MAX_REPLICAS_PER_NODE, "must be a whole number, got \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    private static MicadoException wrong(ServiceSpec spec, String attribute, String message) {
        return new MicadoException(
                ErrorKind.CONFIGURATION, "service " + spec.name() + ": attribute " + attribute + " " + message);
    }
}
