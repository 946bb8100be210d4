package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.worker.MachineId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One request to terminate a machine that reached a {@link SimulatedCloud}. Immutable.
 *
 * @param at when, on the world's wall clock
 * @param machine the machine that was named
 * @param ended whether this request ended it: false when there was none (any more), or when it failed
 * @param error what the program was told; empty for success
 */
public record TerminationRecord(Instant at, MachineId machine, boolean ended, Optional<ErrorKind> error) {

    /** Checks that nothing is null. */
    public TerminationRecord {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(error, "error");
    }
}
