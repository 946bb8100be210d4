package io.micado.simulation;

import io.micado.api.service.TaskState;
import io.micado.api.worker.NodeId;
import java.util.List;

/**
 * What goes wrong in a {@link SimulatedCluster}, apart from its calls as such ({@link SimulatedCluster#calls()}).
 * Changed by tests at any time; thread-safe.
 */
public final class ClusterFaults {
    private final Swarm swarm;
    private final Watchers watchers;
    private final MemoryStateStore stateStore;
    private int conflicts;

    ClusterFaults(Swarm swarm, Watchers watchers, MemoryStateStore stateStore) {
        this.swarm = swarm;
        this.watchers = watchers;
        this.stateStore = stateStore;
    }

    /** Lets the next changes of programs lose a race: each fails as {@code CONFLICT}, without an effect. */
    public void conflictNext(int count) {
        swarm.change(() -> {
            conflicts = count;
        });
    }

    /** The node's engine dies; the managers notice after a while. Does nothing for a node that does not exist. */
    public void failNode(NodeId id) {
        swarm.changeIfKnown(id, node -> swarm.nodeLife.die(node, false));
    }

    /** The node's engine answers again. Does nothing for a node that does not exist. */
    public void reviveNode(NodeId id) {
        swarm.changeIfKnown(id, swarm.nodeLife::revive);
    }

    /** A running task ends with a failure. Does nothing when no task of that id runs. */
    public void failTask(String taskId, String message) {
        swarm.change(() -> swarm.services.values().stream()
                .flatMap(service -> List.copyOf(service.tasks).stream())
                .filter(task -> task.id.equals(taskId) && task.phase == TaskState.Phase.RUNNING)
                .forEach(task -> swarm.tasks.fail(task, message)));
    }

    /** More than half of the managers are lost. */
    public void loseQuorum() {
        swarm.change(() -> swarm.quorum(false));
    }

    /** The managers are back, and see what has happened meanwhile. */
    public void regainQuorum() {
        swarm.change(() -> {
            swarm.quorum(true);
            List.copyOf(swarm.nodes.values()).forEach(swarm.nodeLife::callDown);
        });
    }

    /** Nobody can pull the image any more: tasks of it that start fail. */
    public void removeImage(String image) {
        swarm.change(() -> swarm.missingImages.add(image));
    }

    /** The image can be pulled again. */
    public void restoreImage(String image) {
        swarm.change(() -> swarm.missingImages.remove(image));
    }

    /** Stops or resumes telling watchers of changes. */
    public void silenceEvents(boolean silent) {
        watchers.silent(silent);
    }

    /** Loses everything in {@link SimulatedCluster#stateStore()}. */
    public void forgetState() {
        stateStore.forget();
    }

    /** Whether the next change is to lose a race. Asked under the lock of the swarm. */
    boolean losesRace() {
        return conflicts > 0 && conflicts-- > 0;
    }
}
