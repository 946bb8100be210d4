package io.micado.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.TerminateResult;
import io.micado.api.time.BoundedExecutor;
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

    private final String name;
    private final DockerEngine host;
    private final HostFacts facts;
    private final StateDirectory state;
    private final WorkerFinder finder;
    private final WorkerLauncher launcher;
    private final WorkerImages workerImages;
    private final ImageSupply imageSupply;
    private final Preparations preparations;
    private final Leftovers leftovers;
    private final BoundedExecutor imageExecutor;
    private volatile List<Machine> joined = List.of();

    LocalCloud(LocalSettings settings, PluginContext context, DockerEngine host, WorkerEngines engines) {
        Logger log = LoggerFactory.getLogger(context.loggerName());
        name = context.instanceName();
        this.host = host;
        facts = new HostFacts(host);
        state = new StateDirectory(settings.stateDirectory(), settings.ownStateDirectory());
        finder = new WorkerFinder(name, host, facts);
        launcher = new WorkerLauncher(name, settings, host, finder, state, log);
        imageExecutor = context.timekeeper().boundedExecutor("local images", IMAGE_THREADS);
        workerImages = new WorkerImages(
                host, facts, settings.image(), context.timekeeper(), imageExecutor, context.warnings());
        imageSupply = new ImageSupply(host, engines, context.timekeeper(), imageExecutor, context.warnings());
        preparations =
                new Preparations(host, engines, state, imageSupply, context.timekeeper(), context.warnings(), log);
        leftovers = new Leftovers(name, host, state);
    }

    @Override
    public CloudTraits traits() {
        return TRAITS;
    }

    @Override
    public Offering describe(Offering offering) {
        Resources capacity = WorkerSize.of(offering).on(facts.capacity());
        return new Offering(
                offering.name(),
                offering.cloud(),
                offering.instanceType(),
                offering.zone(),
                Optional.of(capacity),
                offering.pricePerHour(),
                offering.settings());
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
        Set<WorkerId> present = new HashSet<>(launcher.launching());
        List<Machine> machines = finder.all(infrastructure);
        machines.forEach(machine -> machine.worker().ifPresent(present::add));
        machines.forEach(this::resume);
        supplyImages(machines, present);
        return new MachineList(machines, leftovers.of(infrastructure, notes, present), true);
    }

    private void supplyImages(List<Machine> machines, Set<WorkerId> present) {
        preparations.forgetAllBut(present);
        imageSupply.forgetAllBut(present);
        joined = machines.stream()
                .filter(machine -> machine.status() == MachineStatus.RUNNING)
                .filter(machine ->
                        machine.worker().filter(preparations::isUnderWay).isEmpty())
                .toList();
        imageSupply.bringTo(joined);
    }

    @Override
    public void imagesInUse(Set<String> images) {
        imageSupply.want(images);
        imageSupply.bringTo(joined);
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
