package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.worker.Tags;
import io.micado.docker.DockerEngine;
import io.micado.docker.EngineRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Lists what would be lost with a Swarm and is not ours, for {@link SwarmSetup} before it dissolves one. Confined to
 * one call.
 */
final class Remains {
    private final DockerEngine manager;
    private final String infrastructure;
    private final List<String> found = new ArrayList<>();

    Remains(DockerEngine manager, String infrastructure) {
        this.manager = manager;
        this.infrastructure = infrastructure;
    }

    /**
     * {@return names of nodes, services, configs, secrets and networks, in words; empty when nothing of others is left}
     */
    List<String> list(String ownNode) {
        note("/nodes", "node", json -> !json.path("ID").asText().equals(ownNode));
        note("/services", "service", json -> !isOurs(json.path("Spec").path("Labels")));
        note("/configs", "config", json -> !isOurRecord(name(json)));
        note("/secrets", "secret", json -> true);
        manager.each(EngineRequest.get("/networks").filters(Map.of("scope", List.of("swarm"))), json -> {
            if (!json.path("Ingress").asBoolean()) {
                found.add("network " + name(json));
            }
        });
        return List.copyOf(found);
    }

    private void note(String path, String kind, Predicate<JsonNode> foreign) {
        manager.each(EngineRequest.get(path), json -> {
            if (foreign.test(json)) {
                found.add(kind + " " + name(json));
            }
        });
    }

    private boolean isOurs(JsonNode labels) {
        return labels.path(Tags.SERVICE_MANAGED).asText("").equals(infrastructure);
    }

    private boolean isOurRecord(String config) {
        return config.equals(ConfigStore.PREFIX + infrastructure)
                || config.startsWith(ConfigStore.PREFIX + infrastructure + ".");
    }

    private static String name(JsonNode json) {
        String name = json.path("Spec").path("Name").asText("");
        String hostname = json.path("Description").path("Hostname").asText("");
        String plain = json.path("Name").asText("");
        return !name.isEmpty() ? name : !hostname.isEmpty() ? hostname : plain;
    }
}
