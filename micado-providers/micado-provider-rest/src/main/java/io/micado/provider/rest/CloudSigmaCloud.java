package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.TerminateResult;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.provider.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * An account on CloudSigma. Opened by {@link CloudSigmaProvider}, called by the engine off the loop thread. Thread-safe.
 *
 * <p>A launch clones the library drive, waits until the clone is there, makes a server with it, and starts that. Cloning takes from seconds to
 * minutes: a launch waits for it a while, so that what fails is reported at once, and otherwise goes on in the background, with the
 * machine listed as pending. A machine's id is that of its drive, which exists first.
 *
 * <p>After a crash everything is found again: a server by the tags in its {@code meta}, a drive without a server by the {@link Mark} in its name.
 * Such a drive is a leftover; its server is not made afterwards, because the user data is kept nowhere.
 */
final class CloudSigmaCloud implements Cloud {
    static final int AT_A_TIME = 8;
    private static final CloudTraits TRAITS = CloudTraits.DEFAULT;

    /** Less than the engine's deadline of a launch and of a termination. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final Timekeeper time;
    private final CloudSigmaApi api;
    private final Fanout fanout;
    private final CloudSigmaWatch watch;
    private final CloudClock clock;
    private final Consumer<String> warnings;
    /** By worker: launches under way, and for as long as a list may lag behind, those that are over. */
    private final Map<WorkerId, CloudSigmaLaunch> launches = new ConcurrentHashMap<>();

    private final Map<String, CloudSigmaDeletion> deletions = new ConcurrentHashMap<>();

    CloudSigmaCloud(PluginContext context, HttpClient http, Duration poll) {
        name = context.instanceName();
        time = context.timekeeper();
        warnings = context.warnings();
        api = new CloudSigmaApi(http);
        fanout = new Fanout(time, "cloudsigma " + name, AT_A_TIME);
        watch = new CloudSigmaWatch(api, time, poll, fanout, LoggerFactory.getLogger(context.loggerName()));
        clock = new CloudClock(name, http, warnings);
    }

    @Override
    public CloudTraits traits() {
        return TRAITS;
    }

    @Override
    public Offering describe(Offering offering) {
        if (offering.capacity().isPresent()) {
            return offering;
        }
        return CloudSigmaServer.capacity(offering).map(offering::withCapacity).orElse(offering);
    }

    // ---- launching

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        List<Begun> begun = fanout.each(requests, this::begin, Begun::failed);
        time.await(
                CloudSigmaStep.all(
                        begun.stream().flatMap(one -> one.launch.stream()).toList()),
                PATIENCE);
        return begun.stream().map(this::result).toList();
    }

    private Begun begin(LaunchRequest request) {
        CloudSigmaLaunch launch = new CloudSigmaLaunch(api, request, TRAITS.userDataLimit());
        // Known before the drive exists, so that no list takes the drive for nobody's.
        launches.put(request.worker(), launch);
        launch.whenOver(failure -> time.schedule(TRAITS.listLag(), () -> launches.remove(request.worker(), launch)));
        launch.begin();
        watch.add(List.of(launch));
        return new Begun(request, Optional.of(launch), Optional.empty());
    }

    private LaunchResult result(Begun begun) {
        if (begun.error.isPresent()) {
            return new LaunchResult.Failed(begun.request.worker(), begun.error.get());
        }
        CloudSigmaLaunch launch = begun.launch.orElseThrow();
        Optional<MicadoException> failure = launch.failure();
        if (failure.isPresent()) {
            return new LaunchResult.Failed(begun.request.worker(), failure.get());
        }
        launch.whenOver(later -> later.filter(error -> !launch.isAbandoned())
                .ifPresent(error -> warnings.accept(launch + " failed later: " + error.getMessage())));
        return new LaunchResult.Launched(begun.request.worker(), launch.machine(name));
    }

    /** What became of the first step of a launch. */
    private record Begun(LaunchRequest request, Optional<CloudSigmaLaunch> launch, Optional<MicadoException> error) {
        private static Begun failed(LaunchRequest request, MicadoException error) {
            return new Begun(request, Optional.empty(), Optional.of(error));
        }
    }

    // ---- listing

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        CloudSigmaInventory now = api.inventory();
        clock.check();
        List<Machine> machines = new ArrayList<>();
        List<Leftover> leftovers = new ArrayList<>();
        for (CloudSigmaInventory.Server server : now.servers().values()) {
            if (server.isOf(infrastructure)) {
                machines.add(server.machine(name, status(server)));
            }
        }
        for (CloudSigmaInventory.Drive drive : now.drives().values()) {
            Optional<Mark> mark = Mark.parse(drive.name(), infrastructure);
            if (mark.isPresent() && !now.servers().containsKey(drive.id())) {
                addWithoutServer(drive, launches.get(mark.get().worker()), machines, leftovers);
            }
        }
        return new MachineList(machines, leftovers, true);
    }

    private void addWithoutServer(
            CloudSigmaInventory.Drive drive,
            @Nullable CloudSigmaLaunch launch,
            List<Machine> machines,
            List<Leftover> leftovers) {
        if (launch != null && launch.failure().isEmpty()) {
            machines.add(launch.machine(name, drive.id()));
        } else {
            // Until a list would surely show it, there may be a server of which only the answer was lost.
            boolean unsure = launch != null
                    && launch.failure()
                            .filter(error -> error.kind().mayHaveBeenApplied())
                            .isPresent();
            leftovers.add(new Leftover(name, "drive", drive.id(), true, unsure || drive.mounted() || drive.busy()));
        }
    }

    private MachineStatus status(CloudSigmaInventory.Server server) {
        if (deletions.containsKey(server.machine())) {
            return MachineStatus.TERMINATING;
        }
        return switch (server.status()) {
            case "running" -> MachineStatus.RUNNING;
            // not started yet, by a launch that may still do so
            case "stopped" ->
                server.worker().filter(launches::containsKey).isPresent()
                        ? MachineStatus.PENDING
                        : MachineStatus.STOPPED;
            case "stopping", "paused" -> MachineStatus.STOPPED;
            default -> MachineStatus.PENDING; // starting, or unavailable for a while
        };
    }

    // ---- terminating

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        if (machines.isEmpty()) {
            return List.of();
        }
        List<CloudSigmaDeletion> all = new ArrayList<>();
        List<CloudSigmaDeletion> begun = new ArrayList<>();
        for (MachineId machine : machines) {
            all.add(deletions.compute(machine.value(), (id, earlier) -> {
                if (earlier != null && !earlier.isOver()) {
                    return earlier; // nothing is sent twice
                }
                CloudSigmaDeletion deletion = new CloudSigmaDeletion(api, id);
                begun.add(deletion);
                return deletion;
            }));
        }
        begin(begun);
        time.await(CloudSigmaStep.all(all), PATIENCE);
        List<TerminateResult> results = new ArrayList<>();
        for (CloudSigmaDeletion deletion : all) {
            MachineId id = new MachineId(name, deletion.machine());
            results.add(deletion.failure()
                    .map(error -> TerminateResult.failed(id, error))
                    .orElseGet(() -> TerminateResult.accepted(id)));
        }
        return results;
    }

    private void begin(List<CloudSigmaDeletion> begun) {
        if (begun.isEmpty()) {
            return;
        }
        for (CloudSigmaDeletion deletion : begun) {
            deletion.whenOver(failure -> deletions.remove(deletion.machine(), deletion));
        }
        try {
            CloudSigmaInventory before = api.inventory();
            // A launch that is given up here may just have made its server: only the next look tells.
            watch.advanceAll(begun, abandonLaunches(begun, before) ? api.inventory() : before);
            watch.add(begun);
        } catch (MicadoException e) {
            begun.forEach(deletion -> deletion.fail(e));
        }
    }

    private boolean abandonLaunches(List<CloudSigmaDeletion> begun, CloudSigmaInventory now) {
        boolean any = false;
        for (CloudSigmaDeletion deletion : begun) {
            Optional<WorkerId> worker = workerBeingLaunched(deletion.machine(), now);
            Optional<CloudSigmaLaunch> launch = worker.map(launches::remove);
            launch.ifPresent(CloudSigmaLaunch::abandon);
            any |= launch.isPresent();
        }
        return any;
    }

    /** A new drive may not be listed yet, and of one that is listed the answer may not have come yet. */
    private Optional<WorkerId> workerBeingLaunched(String drive, CloudSigmaInventory now) {
        return launches.entrySet().stream()
                .filter(entry -> entry.getValue().hasDrive(drive))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> Optional.ofNullable(now.drives().get(drive))
                        .flatMap(CloudSigmaInventory.Drive::mark)
                        .map(Mark::worker));
    }

    @Override
    public void remove(Set<Leftover> leftovers) {
        List<Optional<MicadoException>> failures =
                fanout.each(List.copyOf(leftovers), this::remove, (leftover, error) -> Optional.of(error));
        failures.stream().flatMap(Optional::stream).findFirst().ifPresent(error -> {
            throw error;
        });
    }

    private Optional<MicadoException> remove(Leftover leftover) {
        try {
            CloudSigmaInventory.Drive drive = api.drive(leftover.id());
            if (drive.mark().isEmpty() || drive.mounted()) {
                return Optional.of(new MicadoException(
                        ErrorKind.CONFLICT, leftover + " is in use, or is no drive of ours; it is left alone"));
            }
            api.deleteDrive(leftover.id());
        } catch (MicadoException e) {
            return Optional.of(e).filter(error -> error.kind() != ErrorKind.NOT_FOUND);
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        watch.close();
        fanout.close();
        api.close();
    }

    @Override
    public String toString() {
        return "cloud " + name + " (cloudsigma)";
    }
}
