package io.micado;

import io.micado.api.spi.Leftover;
import io.micado.api.worker.MachineId;
import java.util.List;

/**
 * What is left after an infrastructure was destroyed: nothing, unless something failed. Immutable.
 *
 * @param machines machines that could not be terminated; they cost until somebody deletes them
 * @param leftovers what else could not be removed
 * @param problems why, for people
 */
public record DestroyReport(List<MachineId> machines, List<Leftover> leftovers, List<String> problems) {
    /** Copies the lists. */
    public DestroyReport {
        machines = List.copyOf(machines);
        leftovers = List.copyOf(leftovers);
        problems = List.copyOf(problems);
    }

    /** {@return whether nothing is left} */
    public boolean isClean() {
        return machines.isEmpty() && leftovers.isEmpty() && problems.isEmpty();
    }

    @Override
    public String toString() {
        if (isClean()) {
            return "everything is gone";
        }
        return "STILL THERE AND POSSIBLY COSTING MONEY: machines " + machines + ", leftovers " + leftovers + "; "
                + String.join("; ", problems);
    }
}
