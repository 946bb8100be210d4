package io.micado.simulation;

import io.micado.api.service.Resources;
import io.micado.api.service.TaskState;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node of a simulated cluster, with what is placed on it. Guarded by the lock of its {@link Swarm}. */
final class SimulatedNode {
    final NodeId id;
    final String hostname;
    final String address;
    final boolean manager;
    final Resources capacity;
    final Map<String, String> engineLabels;
    final Map<String, String> labels = new LinkedHashMap<>();
    final Set<SimulatedTask> tasks = new LinkedHashSet<>();
    final Set<String> images = new HashSet<>();

    Node.Status status = Node.Status.READY;
    Node.Availability availability = Node.Availability.ACTIVE;
    /** Whether its engine runs, which the managers learn only later. */
    boolean alive = true;
    /** How often its engine has ended, so that a timer can tell which end it is about. */
    int deaths;

    private final Map<String, Integer> wantedByService = new HashMap<>();
    private final Set<String> hostPorts = new HashSet<>();
    private int wanted;
    private long reservedNanoCpus;
    private long reservedMemory;
    private long version = 1;
    private @Nullable Node view;

    SimulatedNode(
            NodeId id,
            String hostname,
            String address,
            boolean manager,
            Resources capacity,
            Map<String, String> engineLabels) {
        this.id = id;
        this.hostname = hostname;
        this.address = address;
        this.manager = manager;
        this.capacity = capacity;
        this.engineLabels = Map.copyOf(engineLabels);
    }

    void put(SimulatedTask task) {
        tasks.add(task);
        reservedNanoCpus += task.template.nanoCpus();
        reservedMemory += task.template.memory();
        hostPorts.addAll(task.template.hostPorts());
        want(task, 1);
    }

    /** Takes note that a task on it is not wanted any more, although it still occupies the node. */
    void unwant(SimulatedTask task) {
        want(task, -1);
    }

    void take(SimulatedTask task) {
        if (tasks.remove(task)) {
            reservedNanoCpus -= task.template.nanoCpus();
            reservedMemory -= task.template.memory();
            hostPorts.removeAll(task.template.hostPorts());
            if (task.isWanted()) {
                want(task, -1);
            }
        }
    }

    private void want(SimulatedTask task, int change) {
        wantedByService.merge(task.service.name, change, (a, b) -> a + b == 0 ? null : a + b);
        wanted += change;
    }

    boolean takesTasks() {
        return status == Node.Status.READY && availability == Node.Availability.ACTIVE;
    }

    boolean hasRoomFor(TaskTemplate template) {
        return reservedNanoCpus + template.nanoCpus() <= TaskTemplate.nanoCpus(capacity)
                && reservedMemory + template.memory() <= capacity.memoryBytes();
    }

    boolean hasPortsFor(TaskTemplate template) {
        for (String port : template.hostPorts()) {
            if (hostPorts.contains(port)) {
                return false;
            }
        }
        return true;
    }

    int wantedOf(SimulatedService service) {
        return wantedByService.getOrDefault(service.name, 0);
    }

    int wanted() {
        return wanted;
    }

    /** How many tasks really run on it. */
    int running() {
        int running = 0;
        for (SimulatedTask task : tasks) {
            if (task.phase == TaskState.Phase.RUNNING || task.phase == TaskState.Phase.STOPPING) {
                running++;
            }
        }
        return running;
    }

    void touch() {
        version++;
        view = null;
    }

    Node view() {
        Node current = view;
        if (current == null) {
            current = Node.builder(id)
                    .hostname(hostname)
                    .address(address)
                    .manager(manager)
                    .status(status)
                    .availability(availability)
                    .capacity(capacity)
                    .labels(labels)
                    .engineLabels(engineLabels)
                    .version(version)
                    .build();
            view = current;
        }
        return current;
    }
}
