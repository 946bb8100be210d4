package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceState;
import io.micado.api.service.ServiceState.Mode;
import io.micado.docker.DockerJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes a {@link ServiceState} of the Swarm's JSON, for {@link ClusterReader}. Stateless. */
final class ServiceMapping {
    private ServiceMapping() {}

    static ServiceState service(JsonNode json) {
        JsonNode spec = json.path("Spec");
        JsonNode template = spec.path("TaskTemplate");
        JsonNode placement = template.path("Placement");
        String updateState = json.path("UpdateStatus").path("State").asText("");
        ServiceState.Builder service = ServiceState.builder(
                        spec.path("Name").asText(), json.path("ID").asText())
                .image(template.path("ContainerSpec").path("Image").asText(""))
                .mode(mode(spec))
                .desiredReplicas(replicas(spec))
                .reservation(Json.resources(template.path("Resources").path("Reservations")))
                .limit(Json.resources(template.path("Resources").path("Limits")))
                .constraints(Json.texts(placement.path("Constraints")))
                .ports(ports(json))
                .labels(DockerJson.texts(spec.path("Labels")))
                .version(Json.version(json))
                .updating(updateState.equals("updating") || updateState.equals("rollback_started"))
                .attributes(updateState.isEmpty() ? Map.of() : Map.of("update.state", updateState));
        int most = placement.path("MaxReplicas").asInt();
        return most > 0 ? service.maxReplicasPerNode(most).build() : service.build();
    }

    static Mode mode(JsonNode spec) {
        JsonNode mode = spec.path("Mode");
        if (mode.has("Global")) {
            return Mode.GLOBAL;
        }
        return mode.has("ReplicatedJob") || mode.has("GlobalJob") ? Mode.JOB : Mode.REPLICATED;
    }

    /** {@return the wanted replicas; 0 where the number follows from the nodes} */
    static int replicas(JsonNode spec) {
        JsonNode mode = spec.path("Mode");
        return switch (mode(spec)) {
            case REPLICATED -> mode.path("Replicated").path("Replicas").asInt(1);
            case GLOBAL -> 0;
            case JOB -> mode.path("ReplicatedJob").path("MaxConcurrent").asInt(0);
        };
    }

    private static List<PublishedPort> ports(JsonNode json) {
        // The endpoint knows the ports that the Swarm chose itself.
        JsonNode actual = json.path("Endpoint").path("Ports");
        JsonNode wanted = json.path("Spec").path("EndpointSpec").path("Ports");
        List<PublishedPort> ports = new ArrayList<>();
        for (JsonNode port : actual.isArray() ? actual : wanted) {
            ports.add(port(port));
        }
        return ports;
    }

    static PublishedPort port(JsonNode port) {
        boolean host = port.path("PublishMode").asText("").equals("host");
        PublishedPort.Protocol protocol =
                switch (port.path("Protocol").asText("tcp").toLowerCase(Locale.ROOT)) {
                    case "udp" -> PublishedPort.Protocol.UDP;
                    case "sctp" -> PublishedPort.Protocol.SCTP;
                    default -> PublishedPort.Protocol.TCP;
                };
        return new PublishedPort(
                port.path("PublishedPort").asInt(),
                port.path("TargetPort").asInt(),
                protocol,
                host ? PublishedPort.Mode.HOST : PublishedPort.Mode.INGRESS);
    }
}
