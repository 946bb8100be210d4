package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.MachineId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes requests to terminate for a simulated cloud, one at a time, and keeps a record of each. Thread-safe. */
final class TerminationDesk {
    private final World world;
    private final String cloud;
    private final CloudFaults faults;
    private final SimulatedFleet fleet;
    private final List<TerminationRecord> records = new ArrayList<>();

    TerminationDesk(World world, String cloud, CloudFaults faults, SimulatedFleet fleet) {
        this.world = world;
        this.cloud = cloud;
        this.faults = faults;
        this.fleet = fleet;
    }

    synchronized void terminate(MachineId machine) {
        boolean ended = false;
        ErrorKind failure = null;
        try {
            faults.refuseTooManyCalls(cloud);
            failure = faults.nextTerminateFailure();
            if (failure == null) {
                boolean halfWay = faults.terminatesHalfWay();
                ended = fleet.terminate(machine, !halfWay);
                failure = halfWay || faults.losesTerminateAnswer() ? ErrorKind.OUTCOME_UNKNOWN : null;
            }
        } catch (MicadoException e) {
            record(machine, ended, e.kind());
            throw e;
        }
        record(machine, ended, failure);
        if (failure != null) {
            throw new MicadoException(
                            failure,
                            "cloud " + cloud + ": termination of machine " + machine + " failed (" + failure + ")")
                    .withTarget(machine.toString());
        }
    }

    synchronized List<TerminationRecord> records() {
        return List.copyOf(records);
    }

    private void record(MachineId machine, boolean ended, @Nullable ErrorKind error) {
        records.add(new TerminationRecord(world.wallClock(), machine, ended, Optional.ofNullable(error)));
    }
}
