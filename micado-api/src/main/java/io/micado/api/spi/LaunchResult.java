package io.micado.api.spi;

import io.micado.api.error.MicadoException;
import io.micado.api.worker.Machine;
import io.micado.api.worker.WorkerId;
import java.util.Objects;

/** What became of one launch request. Immutable. */
public sealed interface LaunchResult permits LaunchResult.Launched, LaunchResult.Failed {

    /** {@return the worker that was asked for} */
    WorkerId worker();

    /**
     * The cloud has accepted; the machine may still be booting.
     *
     * @param worker the worker that was asked for
     * @param machine its machine
     */
    record Launched(WorkerId worker, Machine machine) implements LaunchResult {
        /** Checks that nothing is null. */
        public Launched {
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(machine, "machine");
        }
    }

    /**
     * It failed; the kind says whether there may be a machine all the same.
     *
     * @param worker the worker that was asked for
     * @param error why
     */
    record Failed(WorkerId worker, MicadoException error) implements LaunchResult {
        /** Checks that nothing is null. */
        public Failed {
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(error, "error");
        }
    }
}
