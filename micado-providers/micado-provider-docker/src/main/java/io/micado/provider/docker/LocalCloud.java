package io.micado.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.DockerJson;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine whose containers are the workers of an infrastructure. Opened by {@link LocalProvider}, called by the engine off the loop thread.
 * Thread-safe.
 *
 * <p>A launch returns as soon as the container runs; waiting for the engine inside, bringing images and joining go on in
 * {@link Preparations}. A program that starts anew goes on with what a former one began: each list looks for workers whose note says
 * that they have not joined.
 */
final class LocalCloud implements Cloud {
    private static final CloudTraits TRAITS = CloudTraits.DEFAULT
            .withListLag(Duration.ZERO)
            .withIdempotentLaunch(true)
            .withUserDataLimit(0);
    private static final int IMAGE_THREADS = 3;
    /** How long taking notice of images waits for them to be there: less than the engine waits for it. */
    private static final Duration IMAGES_PATIENCE = Duration.ofSeconds(8);

    private final String name;
    private final Timekeeper timekeeper;
    private final DockerEngine host;
    private final HostFacts facts;
    private final StateDirectory state;
    private final WorkerFinder finder;
    private final WorkerLauncher launcher;
    private final WorkerImages workerImages;
    private final ImageSupply imageSupply;
    private final Preparations preparations;
    private final Unstarted unstarted;
    private final Leftovers leftovers;
    private final BoundedExecutor imageExecutor;
    private volatile List<Machine> running = List.of();

    LocalCloud(LocalSettings settings, PluginContext context, DockerEngine host, WorkerEngines engines) {
        Logger log = LoggerFactory.getLogger(context.loggerName());
        name = context.instanceName();
        timekeeper = context.timekeeper();
        this.host = host;
        facts = new HostFacts(host);
        state = new StateDirectory(settings.stateDirectory(), settings.ownStateDirectory());
        finder = new WorkerFinder(name, host, facts);
        launcher = new WorkerLauncher(name, settings, host, finder, state, log);
        imageExecutor = timekeeper.boundedExecutor("local images", IMAGE_THREADS);
        workerImages = new WorkerImages(host, facts, settings.image(), timekeeper, imageExecutor, context.warnings());
        imageSupply = new ImageSupply(host, engines, timekeeper, imageExecutor, context.warnings());
        preparations = new Preparations(host, engines, state, imageSupply, timekeeper, context.warnings(), log);
        unstarted = new Unstarted(timekeeper);
        leftovers = new Leftovers(name, host, state);
    }

    @Override
    public CloudTraits traits() {
        return TRAITS;
    }

    @Override
    public Offering describe(Offering offering) {
        return offering.withCapacity(WorkerSize.of(offering).on(facts.capacity()));
    }

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        List<LaunchResult> results = new ArrayList<>();
        for (LaunchRequest request : requests) {
            try {
                results.add(new LaunchResult.Launched(request.worker(), launch(request)));
            } catch (MicadoException e) {
                results.add(new LaunchResult.Failed(request.worker(), e));
            }
        }
        return results;
    }

    private Machine launch(LaunchRequest request) {
        state.directoryOf(request.worker()); // refuses a worker id that would lead elsewhere
        Optional<Machine> earlier = launcher.find(request);
        if (earlier.isEmpty()) {
            WorkerSize size = WorkerSize.of(request.offering());
            size.checkFits(facts.capacity(), host.host());
            String image = workerImages.imageFor(request.offering());
            Machine machine = launcher.launch(request, size, image);
            preparations.begin(machine, request.worker(), request.join());
            return machine;
        }
        resume(earlier.get());
        return earlier.get();
    }

    /** Goes on with preparing a worker that has not joined, as far as its note knows. */
    private void resume(Machine machine) {
        WorkerId worker = machine.worker().orElse(null);
        if (worker != null && machine.status().isUsable() && !preparations.isUnderWay(worker)) {
            state.note(worker).flatMap(WorkerNote::join).ifPresent(join -> preparations.begin(machine, worker, join));
        }
    }

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        List<WorkerNote> notes = state.notes();
        Set<WorkerId> launching = launcher.launching();
        List<Machine> machines = unstarted.judge(finder.all(infrastructure), launching);
        Set<WorkerId> present = new HashSet<>(launching);
        machines.forEach(machine -> machine.worker().ifPresent(present::add));
        machines.forEach(this::resume);
        preparations.forgetAllBut(present);
        imageSupply.forgetAllBut(present);
        running = machines.stream()
                .filter(machine -> machine.status() == MachineStatus.RUNNING)
                .toList();
        bringImages();
        return new MachineList(machines, leftovers.of(infrastructure, notes, present), true);
    }

    /** To workers that have joined; to the others it is done before they join. */
    private void bringImages() {
        imageSupply.bringTo(running.stream()
                .filter(machine ->
                        machine.worker().filter(preparations::isUnderWay).isEmpty())
                .toList());
    }

    @Override
    public void imagesInUse(Set<String> images) {
        imageSupply.want(images);
        bringImages();
        // So that a service that is being deployed finds its image; where it takes longer, its tasks are tried again.
        timekeeper.await(imageSupply.end(), IMAGES_PATIENCE);
    }

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        List<TerminateResult> results = new ArrayList<>();
        for (MachineId machine : machines) {
            try {
                terminate(machine);
                results.add(TerminateResult.accepted(machine));
            } catch (MicadoException e) {
                results.add(TerminateResult.failed(machine, e));
            }
        }
        return results;
    }

    private void terminate(MachineId machine) {
        JsonNode container;
        try {
            container = host.containers().inspect(machine.value());
        } catch (DockerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return;
            }
            throw e;
        }
        Map<String, String> labels = DockerJson.texts(container.path("Config").path("Labels"));
        if (!Labels.isWorker(labels)) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "container " + machine.value() + " on Docker at " + host.host()
                            + " is no worker of ours; it is left alone");
        }
        WorkerId worker = new WorkerId(labels.getOrDefault(Tags.WORKER, ""));
        preparations.stop(worker);
        host.containers().remove(machine.value());
        state.delete(worker, URI.create(labels.getOrDefault(Labels.ENGINE, "")));
    }

    @Override
    public void remove(Set<Leftover> unneeded) {
        unneeded.forEach(leftovers::remove);
    }

    @Override
    public void close() {
        preparations.close();
        imageExecutor.close();
        host.close();
    }

    @Override
    public String toString() {
        return "cloud " + name + " at " + host;
    }
}
