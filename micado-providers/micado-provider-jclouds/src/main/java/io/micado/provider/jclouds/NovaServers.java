package io.micado.provider.jclouds;

import com.google.gson.JsonObject;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the servers of an infrastructure on OpenStack, a thousand to a page. Nova cannot filter by metadata, so that those of others in the project are
 * read and left out. Called by {@link NovaCloud} on the threads of {@link Calls}. Thread-safe.
 */
final class NovaServers {
    private static final int PAGE = 1000;
    private static final int MOST_PAGES = 1_000;

    private final String cloud;
    private final NovaSession session;
    private final NovaNames names;

    NovaServers(String cloud, NovaSession session, NovaNames names) {
        this.cloud = cloud;
        this.session = session;
        this.names = names;
    }

    /**
     * A server of ours.
     *
     * @param volumes the ids of its volumes
     * @param floating whether it has a floating IP, as far as Nova knows
     */
    record Server(Machine machine, List<String> volumes, boolean floating) {
        Server {
            volumes = List.copyOf(volumes);
        }

        String id() {
            return machine.id().value();
        }
    }

    /** What was found, and whether it was everything. Immutable. */
    record Found(List<Server> servers, boolean complete) {
        Found {
            servers = List.copyOf(servers);
        }
    }

    Found of(InfrastructureId infrastructure) {
        List<Server> servers = new ArrayList<>();
        String marker = "";
        Set<String> seen = new HashSet<>();
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            JsonObject page;
            try {
                page = session.page(
                        "listing servers",
                        NovaSession.Service.COMPUTE,
                        "/servers/detail?limit=" + PAGE + (marker.isEmpty() ? "" : "&marker=" + Json.encoded(marker)),
                        "servers");
            } catch (MicadoException e) {
                if (marker.isEmpty()) {
                    throw e;
                }
                return new Found(servers, false); // what came before is as good as ever
            }
            List<JsonObject> items = Json.objects(page, "servers");
            for (JsonObject item : items) {
                marker = Json.requiredText(item, "id");
                if (!seen.add(marker)) {
                    return new Found(servers, false); // a cloud that ignores the marker, and would go on for ever
                }
                Map<String, String> metadata = Json.texts(item, "metadata");
                if (Ownership.owns(infrastructure, metadata, "server " + marker)) {
                    servers.add(server(item, metadata));
                }
            }
            // The cloud's own limit may be less than ours, so that it alone knows whether there is more.
            if (items.isEmpty() || Json.objects(page, "servers_links").isEmpty()) {
                return new Found(servers, true);
            }
        }
        return new Found(servers, false);
    }

    private Server server(JsonObject item, Map<String, String> metadata) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Json.text(item, "OS-EXT-AZ:availability_zone").ifPresent(zone -> attributes.put("zone", zone));
        List<String> floating = addresses(item, true);
        List<String> addresses = addresses(item, false);
        addresses.addAll(floating);
        Machine.Builder machine = Machine.builder(new MachineId(cloud, Json.requiredText(item, "id")), status(item))
                .name(Json.text(item, "name").orElse(""))
                .addresses(addresses)
                .tags(metadata)
                .attributes(attributes);
        Json.child(item, "flavor")
                .flatMap(flavor -> Json.text(flavor, "id"))
                .map(names::flavorName)
                .ifPresent(machine::instanceType);
        Json.child(item, "fault")
                .flatMap(fault -> Json.text(fault, "message"))
                .map(NovaErrors::failure)
                .ifPresent(machine::failure);
        Json.text(item, "created").flatMap(NovaServers::time).ifPresent(machine::launchedAt);
        List<String> volumes = Json.objects(item, "os-extended-volumes:volumes_attached").stream()
                .map(volume -> Json.requiredText(volume, "id"))
                .toList();
        return new Server(machine.build(), volumes, !floating.isEmpty());
    }

    private static MachineStatus status(JsonObject item) {
        if (Json.text(item, "OS-EXT-STS:task_state").filter("deleting"::equals).isPresent()) {
            return MachineStatus.TERMINATING;
        }
        return switch (Json.text(item, "status").orElse("")) {
            case "BUILD", "REBUILD" -> MachineStatus.PENDING;
            case "ERROR" -> MachineStatus.ERROR;
            case "DELETED", "SOFT_DELETED" -> MachineStatus.TERMINATED;
            case "SHUTOFF", "SUSPENDED", "PAUSED", "SHELVED", "SHELVED_OFFLOADED", "RESCUE" -> MachineStatus.STOPPED;
            // being resized, migrated, restarted; and what Nova itself calls UNKNOWN: its node tells more
            default -> MachineStatus.RUNNING;
        };
    }

    /** {@return its addresses that are floating IPs, or those that are not} */
    private static List<String> addresses(JsonObject item, boolean floating) {
        List<String> found = new ArrayList<>();
        if (item.get("addresses") instanceof JsonObject networks) {
            for (String network : networks.keySet()) {
                for (JsonObject address : Json.objects(networks, network)) {
                    boolean isFloating = Json.text(address, "OS-EXT-IPS:type")
                            .filter("floating"::equals)
                            .isPresent();
                    if (isFloating == floating) {
                        Json.text(address, "addr").ifPresent(found::add);
                    }
                }
            }
        }
        return found;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
