package io.micado.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.service.Resources;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Tags;
import io.micado.docker.DockerJson;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads machines from the host engine's list of containers for {@link LocalCloud}. Everything is in that list, so no container is asked
 * for on its own. Stateless.
 */
final class MachineReader {
    /** What an engine that was ended on purpose leaves as its exit code, with or without its own consent. */
    private static final List<String> ENDED_ON_PURPOSE = List.of("Exited (0)", "Exited (137)", "Exited (143)");

    private MachineReader() {}

    /** {@return the machine that a container of the list is} */
    static Machine read(JsonNode container, String cloud, Resources hostCapacity) {
        Map<String, String> labels = DockerJson.texts(container.path("Labels"));
        WorkerSize size =
                WorkerSize.ofTexts(labels.getOrDefault(Labels.CPUS, ""), labels.getOrDefault(Labels.MEMORY, ""));
        return Machine.builder(new MachineId(cloud, container.path("Id").asText()), status(container))
                .name(labels.getOrDefault(Tags.WORKER, ""))
                .tags(labels)
                .instanceType(labels.getOrDefault(Labels.INSTANCE_TYPE, ""))
                .addresses(addresses(container))
                .capacity(size.on(hostCapacity))
                .engine(URI.create(labels.getOrDefault(Labels.ENGINE, "")))
                .launchedAt(Instant.ofEpochSecond(container.path("Created").asLong()))
                .attributes(attributes(container))
                .build();
    }

    private static MachineStatus status(JsonNode container) {
        return switch (container.path("State").asText()) {
            case "created" -> MachineStatus.PENDING;
            case "running", "restarting" -> MachineStatus.RUNNING;
            case "paused" -> MachineStatus.STOPPED;
            case "exited" -> {
                String words = container.path("Status").asText();
                boolean onPurpose = ENDED_ON_PURPOSE.stream().anyMatch(words::startsWith);
                yield onPurpose ? MachineStatus.STOPPED : MachineStatus.ERROR;
            }
            case "removing" -> MachineStatus.TERMINATING;
            default -> MachineStatus.ERROR;
        };
    }

    private static List<String> addresses(JsonNode container) {
        List<String> addresses = new ArrayList<>();
        container.path("NetworkSettings").path("Networks").forEach(network -> {
            String address = network.path("IPAddress").asText("");
            if (!address.isBlank()) {
                addresses.add(address);
            }
        });
        return addresses;
    }

    private static Map<String, String> attributes(JsonNode container) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("container", container.path("Names").path(0).asText("").replaceFirst("^/", ""));
        attributes.put("image", container.path("Image").asText(""));
        if (!container.path("State").asText().equals("running")) {
            attributes.put("status", container.path("Status").asText(""));
        }
        return attributes;
    }
}
