package io.micado.provider.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.provider.http.JsonText;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One service instance as a Consul agent knows it. Immutable.
 *
 * @param id tells it from all others of the agent
 * @param name the service's name, such as {@code worker_cluster}
 * @param address where it is
 * @param port its port
 * @param meta what is told of it; whose it is, too
 */
record Registration(String id, String name, String address, int port, Map<String, String> meta) {
    /** The key of {@link #meta} that tells whose it is: what lacks it is never touched. */
    static final String INFRASTRUCTURE = "micado_infrastructure";
    /** The key of {@link #meta} for the version of all this. */
    static final String FORMAT = "micado_format";
    /** The key of {@link #meta} for the node's id. */
    static final String NODE = "micado_node";

    static final String FORMAT_VERSION = "1";
    private static final int CHECK_SECONDS = 10;
    private static final int CHECK_TIMEOUT_SECONDS = 3;

    Registration {
        meta = Map.copyOf(meta);
    }

    /** {@return whether it is registered by this release for an infrastructure of this name} */
    boolean isOf(String infrastructure) {
        return infrastructure.equals(meta.get(INFRASTRUCTURE)) && FORMAT_VERSION.equals(meta.get(FORMAT));
    }

    static Registration read(JsonNode service) {
        Map<String, String> meta = new TreeMap<>();
        service.path("Meta")
                .properties()
                .forEach(entry -> meta.put(entry.getKey(), entry.getValue().asText()));
        return new Registration(
                service.path("ID").asText(),
                service.path("Service").asText(),
                service.path("Address").asText(),
                service.path("Port").asInt(),
                meta);
    }

    /** {@return what the agent is told, with a check of its port} */
    String document(Duration forget) {
        ObjectNode document = JsonText.object();
        document.put("ID", id).put("Name", name).put("Address", address).put("Port", port);
        ObjectNode metas = document.putObject("Meta");
        new TreeMap<>(meta).forEach(metas::put);
        String host = address.contains(":") ? "[" + address + "]" : address;
        document.putObject("Check")
                .put("CheckID", "check:" + id)
                .put("Name", name + " on " + address)
                .put("TCP", host + ":" + port)
                .put("Interval", CHECK_SECONDS + "s")
                .put("Timeout", CHECK_TIMEOUT_SECONDS + "s")
                .put("DeregisterCriticalServiceAfter", forget.toSeconds() + "s");
        return JsonText.write(document);
    }
}
