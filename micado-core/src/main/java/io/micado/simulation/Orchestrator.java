package io.micado.simulation;

import io.micado.api.service.ServiceState.Mode;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.worker.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tasks of all services to what is wanted, as Swarm's managers do: how many there are, which go first, one
 * by one when a service is updated, and where they are placed. Never moves a task just because there is more room
 * elsewhere. Used under the lock of its {@link Swarm}.
 */
final class Orchestrator {
    private final Swarm swarm;
    private final Set<SimulatedService> unsettled = new LinkedHashSet<>();
    private final Set<SimulatedService> unplaced = new LinkedHashSet<>();
    private boolean placementDue;

    Orchestrator(Swarm swarm) {
        this.swarm = swarm;
    }

    /** Takes note that a service may not have the tasks that it should have. */
    void unsettled(SimulatedService service) {
        unsettled.add(service);
    }

    void placementIsDue(SimulatedService service) {
        unplaced.add(service);
        placementDue = true;
    }

    /** Takes note that what could not be placed may fit now. */
    void roomAppeared() {
        placementDue = true;
    }

    /** Takes note that a node came, or changed in what it allows. */
    void nodesChanged() {
        placementDue = true;
        for (SimulatedService service : swarm.services.values()) {
            if (service.mode == Mode.GLOBAL) {
                unsettled.add(service);
            }
        }
    }

    /** Does everything that is to be done now. */
    void settle() {
        while (!unsettled.isEmpty()) {
            List<SimulatedService> round = List.copyOf(unsettled);
            unsettled.clear();
            for (SimulatedService service : round) {
                if (swarm.services.get(service.name) == service) {
                    settle(service);
                }
            }
        }
        if (placementDue) {
            placementDue = false;
            unplaced.retainAll(swarm.services.values());
            // By the age of the services, so that who is placed first does not depend on who asked last.
            swarm.services.values().stream().filter(unplaced::contains).forEach(this::placeAllOf);
        }
    }

    private void settle(SimulatedService service) {
        if (service.mode == Mode.GLOBAL) {
            settleGlobal(service);
        } else {
            settleReplicated(service);
        }
        if (service.updating) {
            stepUpdate(service);
        }
    }

    private void settleReplicated(SimulatedService service) {
        int missing = service.desired - service.wanted();
        if (missing > 0) {
            Set<Integer> taken = new HashSet<>();
            service.tasks.stream().filter(SimulatedTask::isWanted).forEach(task -> taken.add(task.slot));
            for (int slot = 1; missing > 0; slot++) {
                if (taken.add(slot)) {
                    swarm.tasks.create(service, slot, null);
                    missing--;
                }
            }
        } else if (missing < 0) {
            surplus(service, -missing).forEach(swarm.tasks::stop);
        }
    }

    /** Which tasks go when a service shrinks: those that do not run yet, then from the nodes with the most of them. */
    private static List<SimulatedTask> surplus(SimulatedService service, int count) {
        Map<@Nullable SimulatedNode, Integer> rank = new HashMap<>();
        Map<SimulatedTask, Integer> ranks = new HashMap<>();
        List<SimulatedTask> candidates = new ArrayList<>(
                service.tasks.stream().filter(SimulatedTask::isWanted).toList());
        for (SimulatedTask task : candidates) {
            // The how-manieth of its node: whoever is third on a node goes before whoever is second on another.
            ranks.put(task, task.phase == Phase.RUNNING ? rank.merge(task.node, 1, Integer::sum) : Integer.MAX_VALUE);
        }
        candidates.sort(Comparator.<SimulatedTask>comparingInt(task -> -ranks.getOrDefault(task, 0))
                .thenComparingInt(task -> progress(task.phase))
                .thenComparingInt(task -> -task.slot));
        return candidates.subList(0, Math.min(count, candidates.size()));
    }

    private static int progress(Phase phase) {
        return switch (phase) {
            case PENDING, FAILED -> 0;
            case STARTING -> 1;
            case RUNNING, STOPPING -> 2;
        };
    }

    private void settleGlobal(SimulatedService service) {
        Map<SimulatedNode, SimulatedTask> byNode = new HashMap<>();
        service.tasks.stream()
                .filter(task -> task.isWanted() && task.pinned != null)
                .forEach(task -> byNode.put(task.pinned, task));
        int slot = 0;
        for (SimulatedNode node : swarm.nodes.values()) {
            slot++;
            SimulatedTask task = byNode.get(node);
            boolean allowed = service.template.allows(node) && node.availability != Node.Availability.DRAIN;
            if (task == null && allowed && node.takesTasks()) {
                swarm.tasks.create(service, slot, node);
            } else if (task != null && !allowed) {
                swarm.tasks.stop(task);
            }
        }
        int desired = service.wanted();
        if (service.desired != desired) {
            service.desired = desired;
            swarm.touch(service);
        }
    }

    /** Replaces tasks of an older generation one by one: the next one when the replacement before it runs. */
    private void stepUpdate(SimulatedService service) {
        SimulatedTask step = service.updateStep;
        if (step != null && service.tasks.contains(step) && step.isWanted() && step.phase != Phase.RUNNING) {
            return;
        }
        for (SimulatedTask task : List.copyOf(service.tasks)) {
            if (task.isWanted() && task.generation < service.generation) {
                service.updateStep = replace(task);
                return;
            }
        }
        service.updateStep = null;
        service.updating = false;
        swarm.touch(service);
    }

    /** Stops a task and creates the one that starts when it has ended. */
    SimulatedTask replace(SimulatedTask task) {
        swarm.tasks.stop(task);
        SimulatedTask successor = swarm.tasks.createSuccessor(task);
        if (!task.service.tasks.contains(task)) {
            successor.waitsFor = null;
        }
        return successor;
    }

    private void placeAllOf(SimulatedService service) {
        boolean anyLeft = false;
        long unplaceable = -1; // the generation of tasks for which there was no room
        for (SimulatedTask task : service.tasks) {
            if (task.phase != Phase.PENDING || (task.pinned == null && task.generation == unplaceable)) {
                continue; // what had no room for one has no room for the next of the same kind
            }
            Placement search = Placement.search(task, swarm.nodes.values());
            SimulatedNode node = search.node();
            if (node != null) {
                swarm.tasks.place(task, node);
            } else {
                anyLeft = true;
                unplaceable = task.pinned == null ? task.generation : unplaceable;
                explain(task, search);
            }
        }
        if (!anyLeft) {
            unplaced.remove(service);
        }
    }

    private void explain(SimulatedTask first, Placement search) {
        PendingCause cause = search.cause();
        String message = search.message();
        for (SimulatedTask task : first.service.tasks) {
            boolean same = first.pinned == null && task.phase == Phase.PENDING && task.generation == first.generation;
            if ((same || task == first) && task.explain(cause, message)) {
                swarm.touchTasks();
            }
        }
    }
}
