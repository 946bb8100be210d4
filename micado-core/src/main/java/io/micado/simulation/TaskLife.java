package io.micado.simulation;

import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState.Phase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What happens to one task from its creation to its end. Used under the lock of its {@link Swarm}. */
final class TaskLife {
    private final Swarm swarm;

    TaskLife(Swarm swarm) {
        this.swarm = swarm;
    }

    SimulatedTask create(SimulatedService service, int slot, @Nullable SimulatedNode pinned) {
        SimulatedTask task = new SimulatedTask(swarm.nextId("task"), service, slot, pinned, swarm.world.wallClock());
        service.tasks.add(task);
        swarm.orchestrator.placementIsDue(service);
        swarm.touchTasks();
        return task;
    }

    /** Creates the task that takes over from one that is stopping, and does not start before that has ended. */
    SimulatedTask createSuccessor(SimulatedTask old) {
        SimulatedTask successor = create(old.service, old.slot, old.pinned);
        successor.waitsFor = old;
        return successor;
    }

    void place(SimulatedTask task, SimulatedNode node) {
        task.node = node;
        node.put(task);
        enter(task, Phase.STARTING, "");
        startWhenPossible(task);
    }

    /** Begins to start a placed task unless it still has to wait for another one to end. */
    void startWhenPossible(SimulatedTask task) {
        SimulatedNode node = task.node;
        if (task.phase != Phase.STARTING || task.waitsFor != null || node == null || !node.alive) {
            return;
        }
        Duration wait = Duration.ofNanos(Math.max(0, task.earliestStart - swarm.world.nanos()));
        RandomDuration start = swarm.startTimes.getOrDefault(task.service.name, swarm.times.start());
        Duration pull = node.images.contains(task.template.image())
                ? Duration.ZERO
                : swarm.times.pull().next(swarm.random);
        swarm.later(wait.plus(start.next(swarm.random)).plus(pull), task, () -> started(task, node));
    }

    private void started(SimulatedTask task, SimulatedNode node) {
        if (!node.alive) {
            return;
        }
        String image = task.template.image();
        if (swarm.missingImages.contains(image)) {
            fail(task, "No such image: " + image);
            return;
        }
        node.images.add(image);
        enter(task, Phase.RUNNING, "");
        swarm.tally.started++;
        Duration warmUp = swarm.warmUps.getOrDefault(task.service.name, Duration.ZERO);
        task.servesSince = swarm.world.nanos() + warmUp.toNanos();
        if (task.service.updateStep == task) {
            swarm.orchestrator.unsettled(task.service);
        }
        if (task.service.mode == ServiceState.Mode.JOB) {
            swarm.later(task.service.jobTime, task, () -> finish(task));
        }
    }

    private void finish(SimulatedTask task) {
        task.service.desired--;
        swarm.touch(task.service);
        remove(task);
    }

    /** Lets a task end with a failure; another one takes its place after a while. */
    void fail(SimulatedTask task, String why) {
        release(task);
        enter(task, Phase.FAILED, why);
        swarm.tally.failed++;
        swarm.later(swarm.times.restart(), task, () -> remove(task));
    }

    /** Orders a task to stop; it occupies its node until it has. One that is on no node, or failed, is gone at once. */
    void stop(SimulatedTask task) {
        SimulatedNode node = task.node;
        if (node == null || task.phase == Phase.FAILED) {
            remove(task);
        } else if (task.isWanted()) {
            boolean ran = task.phase == Phase.RUNNING;
            node.unwant(task);
            enter(task, Phase.STOPPING, "");
            endWhenPossible(task, ran);
        }
    }

    /** Stops a task because its node is drained, and counts it once it has ended in peace. */
    void drain(SimulatedTask task) {
        task.drained = task.phase == Phase.RUNNING;
        stop(task);
    }

    /**
     * Gives up a task whose node is down: nobody knows whether it still runs, so it stays until the node is back or
     * removed.
     */
    void abandon(SimulatedTask task, SimulatedNode node) {
        if (task.isWanted()) {
            node.unwant(task);
            enter(task, Phase.STOPPING, "node " + node.hostname + " is down");
        }
        task.drained = false;
        letSuccessorStart(task);
    }

    /** Goes on with a task whose node has come back. */
    void resume(SimulatedTask task) {
        if (task.phase == Phase.STARTING) {
            startWhenPossible(task);
        } else if (task.phase == Phase.STOPPING) {
            endWhenPossible(task, true);
        }
    }

    private void endWhenPossible(SimulatedTask task, boolean takesTime) {
        SimulatedNode node = task.node;
        if (node == null || !node.alive) {
            return;
        }
        Duration time = takesTime ? swarm.times.stop().next(swarm.random) : Duration.ZERO;
        swarm.later(time, task, () -> {
            if (node.alive) {
                if (task.drained) {
                    swarm.tally.drained++;
                }
                remove(task);
            }
        });
    }

    /** Takes a task out of the cluster, and lets start what waited for its end. */
    void remove(SimulatedTask task) {
        release(task);
        task.enter(task.phase, swarm.world.wallClock(), ""); // its timers are void from now on
        task.service.tasks.remove(task);
        swarm.touchTasks();
        swarm.orchestrator.unsettled(task.service);
        if (task.service.tasks.isEmpty()) {
            swarm.leaving.remove(task.service);
        }
        letSuccessorStart(task);
    }

    /** Lets start what waited for the end of a task. */
    private void letSuccessorStart(SimulatedTask task) {
        for (SimulatedTask other : task.service.tasks) {
            if (other.waitsFor == task) {
                other.waitsFor = null;
                startWhenPossible(other);
            }
        }
    }

    private void release(SimulatedTask task) {
        SimulatedNode node = task.node;
        if (node != null) {
            node.take(task);
            swarm.orchestrator.roomAppeared();
        }
    }

    private void enter(SimulatedTask task, Phase phase, String message) {
        task.enter(phase, swarm.world.wallClock(), message);
        swarm.touchTasks();
    }
}
