package io.micado.provider.docker;

import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which containers were made and are never started, as happens when a program is killed between the two. Called by {@link LocalCloud}
 * with every list. Thread-safe.
 *
 * <p>A container starts within seconds or not at all; its preparation tries that again and again. One that is still not started after a
 * while is shown as failed, so that it is replaced at once and not only when it is overdue to join.
 */
final class Unstarted {
    /** How long a container may be there without being started. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Timekeeper timekeeper;
    private Map<MachineId, Long> waitingSince = new HashMap<>();

    Unstarted(Timekeeper timekeeper) {
        this.timekeeper = timekeeper;
    }

    /**
     * {@return the machines, with those shown as failed that do not start}
     *
     * @param machines all that were listed
     * @param launching the workers whose launch goes on right now
     */
    synchronized List<Machine> judge(List<Machine> machines, Set<WorkerId> launching) {
        long now = timekeeper.nanoTime();
        Map<MachineId, Long> stillWaiting = new HashMap<>();
        List<Machine> judged = new ArrayList<>();
        for (Machine machine : machines) {
            Machine shown = machine;
            if (machine.status() == MachineStatus.PENDING
                    && machine.worker().filter(launching::contains).isEmpty()) {
                long since = waitingSince.getOrDefault(machine.id(), now);
                stillWaiting.put(machine.id(), since);
                shown = now - since < PATIENCE.toNanos() ? machine : failed(machine);
            }
            judged.add(shown);
        }
        waitingSince = stillWaiting;
        return judged;
    }

    private static Machine failed(Machine machine) {
        return new Machine(
                machine.id(),
                MachineStatus.ERROR,
                machine.name(),
                machine.worker(),
                machine.pool(),
                machine.instanceType(),
                machine.addresses(),
                machine.capacity(),
                machine.engine(),
                machine.launchedAt(),
                machine.failure(),
                machine.tags(),
                machine.attributes());
    }
}
