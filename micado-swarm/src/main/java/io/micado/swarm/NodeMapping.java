package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.docker.DockerJson;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a {@link Node} of the Swarm's JSON, for {@link ClusterReader}. Stateless. */
final class NodeMapping {
    private NodeMapping() {}

    static Node node(JsonNode json) {
        JsonNode spec = json.path("Spec");
        JsonNode description = json.path("Description");
        return Node.builder(new NodeId(json.path("ID").asText()))
                .hostname(description.path("Hostname").asText(""))
                .address(address(json))
                .manager(isManager(json))
                .status(status(json.path("Status").path("State").asText("")))
                .availability(availability(spec.path("Availability").asText("")))
                .capacity(Json.resources(description.path("Resources")))
                .labels(DockerJson.texts(spec.path("Labels")))
                .engineLabels(DockerJson.texts(description.path("Engine").path("Labels")))
                .version(Json.version(json))
                .attributes(attributes(json))
                .build();
    }

    static boolean isManager(JsonNode json) {
        return json.path("Spec").path("Role").asText("").equals("manager");
    }

    static boolean isReachableManager(JsonNode json) {
        return json.path("ManagerStatus").path("Reachability").asText("").equals("reachable");
    }

    private static String address(JsonNode json) {
        String seen = json.path("Status").path("Addr").asText("");
        if (!seen.isEmpty() && !seen.equals("0.0.0.0")) {
            return seen;
        }
        // A manager that listens everywhere reports 0.0.0.0, and its own address only here.
        String advertised = json.path("ManagerStatus").path("Addr").asText("");
        int port = advertised.lastIndexOf(':');
        return port < 0 ? advertised : advertised.substring(0, port);
    }

    private static Node.Status status(String state) {
        return switch (state) {
            case "ready" -> Node.Status.READY;
            case "down", "disconnected" -> Node.Status.DOWN;
            default -> Node.Status.UNKNOWN;
        };
    }

    static Node.Availability availability(String availability) {
        return switch (availability) {
            case "pause" -> Node.Availability.PAUSE;
            case "drain" -> Node.Availability.DRAIN;
            default -> Node.Availability.ACTIVE;
        };
    }

    static String availability(Node.Availability availability) {
        return switch (availability) {
            case ACTIVE -> "active";
            case PAUSE -> "pause";
            case DRAIN -> "drain";
        };
    }

    private static Map<String, String> attributes(JsonNode json) {
        Map<String, String> attributes = new LinkedHashMap<>();
        JsonNode description = json.path("Description");
        putIfPresent(attributes, "engine.version", description.path("Engine").path("EngineVersion"));
        putIfPresent(attributes, "platform.os", description.path("Platform").path("OS"));
        putIfPresent(
                attributes,
                "platform.architecture",
                description.path("Platform").path("Architecture"));
        putIfPresent(attributes, "status.message", json.path("Status").path("Message"));
        if (json.path("ManagerStatus").path("Leader").asBoolean()) {
            attributes.put("leader", "true");
        }
        return attributes;
    }

    private static void putIfPresent(Map<String, String> attributes, String key, JsonNode value) {
        String text = value.asText("");
        if (!text.isEmpty()) {
            attributes.put(key, text);
        }
    }
}
