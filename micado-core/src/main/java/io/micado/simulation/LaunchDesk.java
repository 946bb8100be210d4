package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.UserData;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Takes requests to launch for a simulated cloud, one at a time, and keeps a record of each. Thread-safe. */
final class LaunchDesk {
    private final World world;
    private final String cloud;
    private final CloudTraits traits;
    private final CloudCatalog catalog;
    private final CloudFaults faults;
    private final SimulatedFleet fleet;
    private final RandomDuration joinTime;
    private final boolean engineLabels;
    private final Random random;
    private final List<LaunchRecord> records = new ArrayList<>();
    private final Map<WorkerId, SimulatedMachine> byWorker = new HashMap<>();

    LaunchDesk(
            World world,
            String cloud,
            CloudTraits traits,
            CloudCatalog catalog,
            CloudFaults faults,
            SimulatedFleet fleet,
            RandomDuration joinTime,
            boolean engineLabels) {
        this.world = world;
        this.cloud = cloud;
        this.traits = traits;
        this.catalog = catalog;
        this.faults = faults;
        this.fleet = fleet;
        this.joinTime = joinTime;
        this.engineLabels = engineLabels;
        this.random = world.random("launches of cloud " + cloud);
    }

    synchronized Machine launch(LaunchRequest request) {
        SimulatedMachine machine = null;
        try {
            machine = find(request);
            if (faults.losesLaunchAnswer()) {
                throw failure(ErrorKind.OUTCOME_UNKNOWN, request);
            }
            record(request, machine, null);
            return fleet.view(machine);
        } catch (MicadoException e) {
            record(request, machine, e.kind());
            throw e.withTarget(request.worker().value());
        }
    }

    private SimulatedMachine find(LaunchRequest request) {
        Resources capacity = catalog.capacityOf(request.offering());
        refuseTooMuchUserData(request);
        faults.refuseTooManyCalls(cloud);
        SimulatedMachine earlier = byWorker.get(request.worker());
        if (earlier != null && traits.idempotentLaunch()) {
            return earlier;
        }
        ErrorKind failure = faults.nextLaunchFailure();
        if (failure != null) {
            throw failure(failure, request);
        }
        // As user data would, the machine keeps the token of its launch.
        String token = request.join().token().reveal();
        SimulatedMachine machine = fleet.launch(new MachineOrder(
                request.infrastructure(), catalog.describe(request.offering()), capacity, request.tags()));
        byWorker.put(request.worker(), machine);
        boot(machine, engineLabels ? request.engineLabels() : Map.of(), token);
        return machine;
    }

    private void boot(SimulatedMachine machine, Map<String, String> labels, String token) {
        boolean fails = faults.bootFails();
        boolean joins = !faults.neverJoins();
        Duration bootTime = catalog.bootTimeOf(machine.order.offering()).next(random);
        Duration untilJoin = joinTime.next(random);
        Optional<CloudFaults.LateFailure> late = faults.lateFailure();
        if (late.isPresent()) {
            fleet.fail(machine, bootTime, late.get().becomes(), late.get().why());
            return;
        }
        fleet.boot(machine, bootTime, fails, () -> {
            if (joins) {
                world.schedule(untilJoin, () -> fleet.join(machine, labels, token));
            }
        });
    }

    synchronized Machine launchForeign(InfrastructureId owner, Offering offering) {
        Map<String, String> tags = Map.of(Tags.INFRASTRUCTURE, owner.value(), "Name", "foreign");
        SimulatedMachine machine = fleet.launch(new MachineOrder(owner, offering, catalog.capacityOf(offering), tags));
        fleet.boot(machine, catalog.bootTimeOf(offering).next(random), false, () -> {});
        return fleet.view(machine);
    }

    synchronized List<LaunchRecord> records() {
        return List.copyOf(records);
    }

    /** As real clouds' plug-ins do, it is compressed when it does not fit as it is. */
    private void refuseTooMuchUserData(LaunchRequest request) {
        request.userData().ifPresent(data -> UserData.fit(data, traits.userDataLimit()));
    }

    private MicadoException failure(ErrorKind kind, LaunchRequest request) {
        return new MicadoException(
                kind, "cloud " + cloud + ": launch of worker " + request.worker() + " failed (" + kind + ")");
    }

    private void record(LaunchRequest request, @Nullable SimulatedMachine machine, @Nullable ErrorKind error) {
        records.add(new LaunchRecord(
                world.wallClock(), request, Optional.ofNullable(machine).map(m -> m.id), Optional.ofNullable(error)));
    }
}
