package io.micado.api.spi;

import io.micado.api.worker.Machine;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What of an infrastructure exists on a cloud. Immutable.
 *
 * @param machines its machines; gone ones may be among them, with that status
 * @param leftovers everything else that it owns: drives, addresses, groups
 * @param complete whether all machines were seen; if not, those that are missing are unknown rather than gone
 * @param leftoversUnknown why some of the leftovers could not be looked for, for people; empty when all were. Launches and terminations go on, but nobody
 *     may say that nothing is left
 * @param unfinished whether a machine lacks something that its launch could not give it, so that {@link Cloud#finish} has something to do
 */
public record MachineList(
        List<Machine> machines,
        List<Leftover> leftovers,
        boolean complete,
        Optional<String> leftoversUnknown,
        boolean unfinished) {
    /** Copies the lists. */
    public MachineList {
        machines = List.copyOf(machines);
        leftovers = List.copyOf(leftovers);
        Objects.requireNonNull(leftoversUnknown, "leftoversUnknown");
    }

    /** Creates a list with all leftovers, whose machines lack nothing. */
    public MachineList(List<Machine> machines, List<Leftover> leftovers, boolean complete) {
        this(machines, leftovers, complete, Optional.empty(), false);
    }

    /** {@return a complete list without leftovers} */
    public static MachineList of(List<Machine> machines) {
        return new MachineList(machines, List.of(), true);
    }
}
