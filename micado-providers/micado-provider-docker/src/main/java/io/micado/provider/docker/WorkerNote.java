package io.micado.provider.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@link StateDirectory} keeps about a worker: whose it is, and how it joins as long as it has not joined. Immutable; shows no
 * secret but in {@link #toJson}.
 *
 * @param worker the worker
 * @param infrastructure whose it is
 * @param cloud the name under which that infrastructure knows the cloud
 * @param join how it joins; empty once it has
 */
record WorkerNote(WorkerId worker, InfrastructureId infrastructure, String cloud, Optional<JoinInfo> join) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    WorkerNote withoutJoin() {
        return new WorkerNote(worker, infrastructure, cloud, Optional.empty());
    }

    boolean belongsTo(InfrastructureId otherInfrastructure, String otherCloud) {
        return infrastructure.equals(otherInfrastructure) && cloud.equals(otherCloud);
    }

    /** {@return the note as text, with the token in clear} */
    String toJson() {
        ObjectNode json = DockerJson.object();
        json.put("format", Tags.FORMAT_VERSION);
        json.put("worker", worker.value());
        json.put("infrastructure", infrastructure.value());
        json.put("cloud", cloud);
        join.ifPresent(info -> {
            info.managers().forEach(json.putArray("managers")::add);
            json.put("token", info.token().reveal());
        });
        return json.toString();
    }

    /** {@return the note; empty when the text is none, or one of another format} */
    static Optional<WorkerNote> ofJson(String text) {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        String worker = json.path("worker").asText("");
        String infrastructure = json.path("infrastructure").asText("");
        boolean known = Tags.FORMAT_VERSION.equals(json.path("format").asText());
        if (!known || worker.isBlank() || infrastructure.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(new WorkerNote(
                new WorkerId(worker),
                new InfrastructureId(infrastructure),
                json.path("cloud").asText(""),
                joinOf(json)));
    }

    private static Optional<JoinInfo> joinOf(JsonNode json) {
        if (!json.hasNonNull("token")) {
            return Optional.empty();
        }
        List<String> managers = new ArrayList<>();
        json.path("managers").forEach(manager -> managers.add(manager.asText()));
        return Optional.of(JoinInfo.of(managers, Secret.of(json.path("token").asText())));
    }

    /** {@return the file beside a worker's directory that holds its note} */
    static Path fileBeside(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".json");
    }
}
