package io.micado.api.spi;

import io.micado.api.worker.Machine;
import java.util.List;

/**
 * What of an infrastructure exists on a cloud. Immutable.
 *
 * @param machines its machines; gone ones may be among them, with that status
 * @param leftovers everything else that it owns: drives, addresses, groups
 * @param complete whether everything was seen; if not, what is missing is unknown rather than gone
 */
public record MachineList(List<Machine> machines, List<Leftover> leftovers, boolean complete) {
    /** Copies the lists. */
    public MachineList {
        machines = List.copyOf(machines);
        leftovers = List.copyOf(leftovers);
    }

    /** {@return a complete list without leftovers} */
    public static MachineList of(List<Machine> machines) {
        return new MachineList(machines, List.of(), true);
    }
}
