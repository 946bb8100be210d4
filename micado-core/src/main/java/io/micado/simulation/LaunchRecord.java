package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.MachineId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One request to launch a machine that reached a {@link SimulatedCloud}. Immutable.
 *
 * @param at when, on the world's wall clock
 * @param request the request
 * @param machine the machine that it made, or found; empty when there is none
 * @param error what the program was told instead of the machine; both are there when the answer was lost
 */
public record LaunchRecord(Instant at, LaunchRequest request, Optional<MachineId> machine, Optional<ErrorKind> error) {

    /** Checks that nothing is null. */
    public LaunchRecord {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(error, "error");
    }
}
