package io.micado.provider.jclouds;

import com.google.gson.JsonObject;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.WorkerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The floating IPs of an infrastructure's machines on OpenStack. Called by {@link NovaCloud} in lists and after them, on the threads of {@link Calls}. Thread-safe.
 *
 * <p><strong>None is lost.</strong> One request makes the address, binds it to the machine's port and describes it as the worker's; so it is ours from its
 * first moment, and that there is none for a worker is reason enough to make one. An address whose worker is gone is a leftover.
 */
final class FloatingIps {
    private static final NovaSession.Service NETWORK = NovaSession.Service.NETWORK;

    private final String cloud;
    private final NovaSession session;
    private final NovaNames names;
    private final Calls calls;
    private final Consumer<String> warnings;
    /** Workers whose address is being made. */
    private final Set<WorkerId> busy = ConcurrentHashMap.newKeySet();

    FloatingIps(String cloud, NovaSession session, NovaNames names, Calls calls, Consumer<String> warnings) {
        this.cloud = cloud;
        this.session = session;
        this.names = names;
        this.calls = calls;
        this.warnings = warnings;
    }

    /** {@return whether a machine wants one} */
    static boolean isWantedBy(Machine machine) {
        return machine.tags().containsKey(NovaLauncher.FLOATING_IP);
    }

    /** {@return whether a machine that wants one has none yet, as far as Nova knows} */
    static boolean isMissing(NovaServers.Server server) {
        return isWantedBy(server.machine()) && server.machine().status().isUsable() && !server.floating();
    }

    /** Sees to it that machines get theirs. */
    void give(InfrastructureId infrastructure, List<NovaServers.Server> servers) {
        List<NovaServers.Server> without =
                servers.stream().filter(FloatingIps::isMissing).toList();
        if (without.isEmpty()) {
            return;
        }
        // Who is being given one now may have it in this answer, or not.
        Set<WorkerId> before = Set.copyOf(busy);
        Set<WorkerId> having = ofInfrastructure(infrastructure).keySet();
        for (NovaServers.Server server : without) {
            server.machine()
                    .worker()
                    .filter(worker -> !having.contains(worker) && !before.contains(worker))
                    .ifPresent(worker -> give(infrastructure, server, worker));
        }
    }

    /** {@return ours, and whether a machine has them} */
    List<Leftover> leftovers(
            InfrastructureId infrastructure, List<NovaServers.Server> servers, Set<WorkerId> launching) {
        Map<WorkerId, List<JsonObject>> byWorker = ofInfrastructure(infrastructure);
        Set<WorkerId> present = new LinkedHashSet<>(launching);
        for (NovaServers.Server server : servers) {
            if (server.machine().status() != MachineStatus.TERMINATED) {
                server.machine().worker().ifPresent(present::add);
            }
        }
        List<Leftover> leftovers = new ArrayList<>();
        byWorker.forEach((worker, addresses) -> {
            for (int i = 0; i < addresses.size(); i++) {
                boolean inUse = i == 0 && present.contains(worker);
                leftovers.add(new Leftover(
                        cloud, NovaCloud.FLOATING_IP, Json.requiredText(addresses.get(i), "id"), true, inUse));
            }
        });
        return leftovers;
    }

    private void give(InfrastructureId infrastructure, NovaServers.Server server, WorkerId worker) {
        if (!busy.add(worker)) {
            return;
        }
        calls.inBackground(
                "giving worker " + worker + " a floating IP",
                () -> {
                    try {
                        give(infrastructure, server.id(), server.machine(), worker);
                    } finally {
                        busy.remove(worker);
                    }
                },
                error -> warnings.accept(String.valueOf(error.getMessage())));
    }

    private void give(InfrastructureId infrastructure, String server, Machine machine, WorkerId worker) {
        String network = names.externalNetwork(machine.tags().getOrDefault(NovaLauncher.FLOATING_IP, ""));
        Optional<String> port =
                session
                        .list("looking up the port of " + worker, NETWORK, "/ports?device_id=" + server, "ports")
                        .stream()
                        .filter(found -> !Json.objects(found, "fixed_ips").isEmpty())
                        .findFirst()
                        .map(found -> Json.requiredText(found, "id"));
        if (port.isEmpty()) {
            return; // it has none yet; the next list tries again
        }
        Map<String, String> address = new LinkedHashMap<>();
        address.put("floating_network_id", network);
        address.put("port_id", port.get());
        address.put("description", mark(infrastructure) + worker);
        session.post(
                "making a floating IP for worker " + worker,
                NETWORK,
                "/floatingips",
                Json.of("floatingip", Json.of(address)));
    }

    /** {@return ours, those that are bound to a port first} */
    private Map<WorkerId, List<JsonObject>> ofInfrastructure(InfrastructureId infrastructure) {
        Map<WorkerId, List<JsonObject>> byWorker = new LinkedHashMap<>();
        String mark = mark(infrastructure);
        for (JsonObject address : session.list("listing floating IPs", NETWORK, "/floatingips", "floatingips")) {
            String description = Json.text(address, "description").orElse("");
            if (description.startsWith(mark) && description.length() > mark.length()) {
                List<JsonObject> ofWorker = byWorker.computeIfAbsent(
                        new WorkerId(description.substring(mark.length())), worker -> new ArrayList<>());
                ofWorker.add(Json.text(address, "port_id").isPresent() ? 0 : ofWorker.size(), address);
            }
        }
        return byWorker;
    }

    void remove(String id) throws MicadoException {
        session.delete("releasing floating IP " + id, NETWORK, "/floatingips/" + id);
    }

    private static String mark(InfrastructureId infrastructure) {
        return "micado " + infrastructure + " ";
    }
}
