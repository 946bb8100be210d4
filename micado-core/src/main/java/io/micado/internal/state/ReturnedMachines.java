package io.micado.internal.state;

import io.micado.api.worker.Machine;
import io.micado.api.worker.WorkerId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Machines that launches returned and no list has shown yet. Once a list has shown one, lists are the truth about it; one that
 * no list shows in time is given up. Confined to the loop thread.
 */
final class ReturnedMachines {
    private final Map<WorkerId, Returned> machines = new HashMap<>();

    private record Returned(Machine machine, Instant at) {}

    void add(WorkerId worker, Machine machine, Instant now) {
        machines.put(worker, new Returned(machine, now));
    }

    void remove(WorkerId worker) {
        machines.remove(worker);
    }

    /** Drops those that a list has shown, or should have; {@return the latter} */
    Map<WorkerId, Machine> settle(Map<String, CloudReading> clouds, Set<WorkerId> listed) {
        machines.keySet().removeAll(listed);
        Map<WorkerId, Machine> unlisted = new TreeMap<>();
        machines.forEach((worker, returned) -> {
            CloudReading reading = clouds.get(returned.machine().id().cloud());
            if (reading != null && reading.hadTheTimeToList(returned.at())) {
                unlisted.put(worker, returned.machine());
            }
        });
        machines.keySet().removeAll(unlisted.keySet());
        return unlisted;
    }

    void forEach(BiConsumer<WorkerId, Machine> action) {
        machines.forEach((worker, returned) -> action.accept(worker, returned.machine()));
    }
}
