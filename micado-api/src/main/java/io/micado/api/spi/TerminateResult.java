package io.micado.api.spi;

import io.micado.api.error.MicadoException;
import io.micado.api.worker.MachineId;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one termination. Immutable.
 *
 * @param machine the machine
 * @param error why the cloud did not accept; empty when it did, or when there is no such machine
 */
public record TerminateResult(MachineId machine, Optional<MicadoException> error) {

    /** Checks that nothing is null. */
    public TerminateResult {
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(error, "error");
    }

    /** {@return that the cloud accepted, or that there is no such machine} */
    public static TerminateResult accepted(MachineId machine) {
        return new TerminateResult(machine, Optional.empty());
    }

    /** {@return that it failed} */
    public static TerminateResult failed(MachineId machine, MicadoException error) {
        return new TerminateResult(machine, Optional.of(error));
    }
}
