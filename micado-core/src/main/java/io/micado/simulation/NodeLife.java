package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState.Mode;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import java.util.List;
import java.util.Map;

/** What happens to nodes and, with them, to the tasks on them. Used under the lock of its {@link Swarm}. */
final class NodeLife {
    private final Swarm swarm;

    NodeLife(Swarm swarm) {
        this.swarm = swarm;
    }

    SimulatedNode join(
            String hostname, String address, boolean manager, Resources capacity, Map<String, String> engineLabels) {
        NodeId id = new NodeId(swarm.nextId("node"));
        SimulatedNode node = new SimulatedNode(id, hostname, address, manager, capacity, engineLabels);
        swarm.nodes.put(id, node);
        swarm.touch(node);
        swarm.orchestrator.nodesChanged();
        return node;
    }

    void setAvailability(SimulatedNode node, Node.Availability availability) {
        if (node.availability == availability) {
            return;
        }
        node.availability = availability;
        swarm.touch(node);
        swarm.orchestrator.nodesChanged();
        if (availability == Node.Availability.DRAIN) {
            for (SimulatedTask task : List.copyOf(node.tasks)) {
                if (task.isWanted()) {
                    drain(task);
                }
            }
        }
    }

    private void drain(SimulatedTask task) {
        swarm.tasks.drain(task);
        if (task.service.mode != Mode.GLOBAL) {
            swarm.tasks.createSuccessor(task);
        }
    }

    void label(SimulatedNode node, Map<String, String> labels) {
        if (Labels.set(node.labels, labels)) {
            swarm.touch(node);
            swarm.orchestrator.nodesChanged();
            evictWhatIsNotAllowed(node);
        }
    }

    /** Moves away what was placed on a node that does not satisfy its constraints any more. */
    private void evictWhatIsNotAllowed(SimulatedNode node) {
        for (SimulatedTask task : List.copyOf(node.tasks)) {
            if (task.isWanted() && task.service.mode != Mode.GLOBAL && !task.template.allows(node)) {
                swarm.orchestrator.replace(task);
            }
        }
    }

    /** The engine of a node ends, with everything that runs on it; the managers find out later. */
    void die(SimulatedNode node, boolean wanted) {
        if (!node.alive) {
            return;
        }
        node.alive = false;
        count(node.running(), wanted);
        int death = ++node.deaths;
        swarm.world.schedule(
                swarm.times.detection(),
                () -> swarm.change(() -> {
                    if (node.deaths == death) {
                        callDown(node);
                    }
                }));
    }

    /** Calls a node down whose engine has not answered for long enough, unless nobody is there to do it. */
    void callDown(SimulatedNode node) {
        if (node.alive || node.status == Node.Status.DOWN || !swarm.quorum() || !swarm.nodes.containsKey(node.id)) {
            return;
        }
        node.status = Node.Status.DOWN;
        swarm.touch(node);
        swarm.orchestrator.nodesChanged();
        long earliest = swarm.world.nanos() + swarm.times.restart().toNanos();
        for (SimulatedTask task : List.copyOf(node.tasks)) {
            boolean wanted = task.isWanted();
            swarm.tasks.abandon(task, node);
            if (wanted && task.service.mode != Mode.GLOBAL) {
                swarm.tasks.create(task.service, task.slot, null).earliestStart = earliest;
            }
        }
    }

    /** The engine of a node answers again: what had been given up ends, the rest goes on. */
    void revive(SimulatedNode node) {
        if (node.alive) {
            return;
        }
        node.alive = true;
        if (node.status != Node.Status.READY) {
            node.status = Node.Status.READY;
            swarm.touch(node);
            swarm.orchestrator.nodesChanged();
        }
        List.copyOf(node.tasks).forEach(swarm.tasks::resume);
    }

    /** Removes a node for good; what still runs there is lost. */
    void remove(NodeId id) {
        SimulatedNode node = swarm.nodes.get(id);
        if (node == null) {
            return;
        }
        if (node.manager) {
            throw new MicadoException(ErrorKind.UNSUPPORTED, "node " + id + " is a manager and cannot be removed");
        }
        if (node.alive) {
            node.alive = false;
            count(node.running(), true);
        }
        swarm.nodes.remove(id);
        List.copyOf(node.tasks).forEach(swarm.tasks::remove);
        swarm.touch(node);
        swarm.orchestrator.nodesChanged();
    }

    private void count(int running, boolean wanted) {
        if (wanted) {
            swarm.tally.killedByTermination += running;
        } else {
            swarm.tally.lostWithNode += running;
        }
    }
}
