package io.micado.provider.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The drives and servers of an account at one moment, drives read first. Read by {@link CloudSigmaApi}, used on any thread. Immutable.
 *
 * <p>A machine is known by the id of its boot drive, which exists before the server does and as long as it.
 *
 * @param drives by their ids
 * @param servers by the ids of the machines
 */
record CloudSigmaInventory(Map<String, Drive> drives, Map<String, Server> servers) {

    static CloudSigmaInventory of(List<JsonNode> drives, List<JsonNode> servers) {
        Map<String, Drive> drivesById = new HashMap<>();
        for (JsonNode node : drives) {
            Drive drive = Drive.of(node);
            drivesById.put(drive.id(), drive);
        }
        Map<String, Server> serversByMachine = new HashMap<>();
        for (JsonNode node : servers) {
            Server server = Server.of(node);
            serversByMachine.put(server.machine(), server);
        }
        return new CloudSigmaInventory(drivesById, serversByMachine);
    }

    /**
     * A drive.
     *
     * @param id its id
     * @param status its state in the cloud's words
     * @param name its name
     * @param mounted whether a server has it
     */
    record Drive(String id, String status, String name, boolean mounted) {
        static Drive of(JsonNode node) {
            return new Drive(
                    node.path("uuid").asText(),
                    node.path("status").asText(),
                    node.path("name").asText(),
                    !node.path("mounted_on").isEmpty());
        }

        /** {@return the mark in its name; empty when it is of somebody else} */
        Optional<Mark> mark() {
            return Mark.parse(name);
        }

        boolean ready() {
            return status.equals("unmounted");
        }

        /** {@return whether an operation on it is under way, so that nothing else can be done to it} */
        boolean busy() {
            return !ready() && !status.equals("mounted") && !status.equals("unavailable");
        }
    }

    /**
     * A server.
     *
     * @param id its id
     * @param machine the id of the machine
     * @param node what the cloud tells of it
     */
    record Server(String id, String machine, JsonNode node) {
        static Server of(JsonNode node) {
            String id = node.path("uuid").asText();
            String bootDrive =
                    node.path("drives").path(0).path("drive").path("uuid").asText("");
            return new Server(id, bootDrive.isEmpty() ? id : bootDrive, node);
        }

        String status() {
            return node.path("status").asText();
        }

        Optional<WorkerId> worker() {
            String worker = node.path("meta").path(Tags.WORKER).asText("");
            return worker.isBlank() ? Optional.empty() : Optional.of(new WorkerId(worker));
        }

        /**
         * {@return whether it belongs to this infrastructure}
         *
         * @throws MicadoException of kind {@code UNSUPPORTED} when a newer release has made it: then nothing may be decided on it
         */
        boolean isOf(InfrastructureId infrastructure) {
            JsonNode meta = node.path("meta");
            if (!meta.path(Tags.INFRASTRUCTURE).asText().equals(infrastructure.value())) {
                return false;
            }
            String format = meta.path(Tags.FORMAT).asText(Tags.FORMAT_VERSION);
            if (!format.equals(Tags.FORMAT_VERSION)) {
                throw Mark.newerFormat("server " + id, format);
            }
            return true;
        }

        Machine machine(String cloud, MachineStatus machineStatus) {
            Machine.Builder machineBuilder = Machine.builder(new MachineId(cloud, machine), machineStatus)
                    .name(node.path("name").asText())
                    .tags(tags())
                    .instanceType(node.path("meta")
                            .path(CloudSigmaServer.INSTANCE_TYPE)
                            .asText(""))
                    .addresses(addresses())
                    .attributes(Map.of("server", id));
            int cores = node.path("smp").asInt();
            long memory = node.path("mem").asLong();
            if (cores > 0 && memory > 0) {
                machineBuilder.capacity(Resources.of(cores, memory));
            }
            startedAt().ifPresent(machineBuilder::launchedAt);
            return machineBuilder.build();
        }

        private Map<String, String> tags() {
            Map<String, String> tags = new HashMap<>();
            for (String key : List.of(Tags.FORMAT, Tags.INFRASTRUCTURE, Tags.POOL, Tags.WORKER)) {
                String value = node.path("meta").path(key).asText("");
                if (!value.isEmpty()) {
                    tags.put(key, value);
                }
            }
            return tags;
        }

        private List<String> addresses() {
            List<String> addresses = new ArrayList<>();
            for (JsonNode nics : List.of(node.path("nics"), node.path("runtime").path("nics"))) {
                for (JsonNode nic : nics) {
                    JsonNode runtime = nic.has("runtime") ? nic.path("runtime") : nic;
                    addresses.add(runtime.path("ip_v4").path("uuid").asText(""));
                    addresses.add(runtime.path("ip_v6").path("uuid").asText(""));
                }
            }
            return Readings.addresses(addresses);
        }

        private Optional<Instant> startedAt() {
            String text = node.path("runtime").path("active_since").asText("");
            try {
                return text.isEmpty()
                        ? Optional.empty()
                        : Optional.of(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return "server " + id + " (" + status() + ")";
        }
    }
}
