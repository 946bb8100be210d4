package io.micado.provider.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Makes and starts one worker container, or finds the one that a former call made. Called by {@link LocalCloud} on the threads that launch.
 * Thread-safe.
 */
final class WorkerLauncher {
    private final String cloud;
    private final LocalSettings settings;
    private final DockerEngine host;
    private final WorkerFinder finder;
    private final StateDirectory state;
    private final Rights rights;
    private final Logger log;
    private final Set<WorkerId> launching = ConcurrentHashMap.newKeySet();

    WorkerLauncher(
            String cloud,
            LocalSettings settings,
            DockerEngine host,
            WorkerFinder finder,
            StateDirectory state,
            Logger log) {
        this.cloud = cloud;
        this.settings = settings;
        this.host = host;
        this.finder = finder;
        this.state = state;
        rights = new Rights(settings.rights());
        this.log = log;
    }

    /** {@return the workers whose containers are being made, so that what is there of them is no leftover} */
    Set<WorkerId> launching() {
        return Set.copyOf(launching);
    }

    /** {@return the worker's machine, if a former call has made it; started, if that call did not get so far} */
    Optional<Machine> find(LaunchRequest request) {
        Optional<Machine> found = finder.find(request.infrastructure(), request.worker());
        if (found.isPresent() && found.get().status() == MachineStatus.PENDING) {
            host.containers().start(found.get().id().value());
            return finder.find(request.infrastructure(), request.worker());
        }
        return found;
    }

    /** {@return the worker's new machine} */
    Machine launch(LaunchRequest request, WorkerSize size, String image) {
        if (!launching.add(request.worker())) {
            throw new MicadoException(
                    ErrorKind.CONFLICT, "worker " + request.worker() + " is being launched by another call already");
        }
        try {
            return make(request, size, image);
        } finally {
            launching.remove(request.worker());
        }
    }

    private Machine make(LaunchRequest request, WorkerSize size, String image) {
        WorkerNote note =
                new WorkerNote(request.worker(), request.infrastructure(), cloud, Optional.of(request.join()));
        int group = state.prepare(note);
        Map<String, String> labels = Labels.of(request, cloud, size, state.engineOf(request.worker()));
        WorkerContainer container = new WorkerContainer(
                request,
                labels,
                size,
                image,
                settings.network(),
                state.directoryOf(request.worker()),
                group,
                settings.engineArguments());
        boolean privileged = rights.privileged();
        try {
            try {
                start(container, privileged);
            } catch (DockerException e) {
                if (!privileged || !Rights.refusesPrivileged(e) || !rights.fallBack()) {
                    throw e;
                }
                log.info("Docker at {} cannot run privileged containers; workers get single capabilities", host.host());
                start(container, false);
            }
        } catch (MicadoException e) {
            return afterFailure(request, e);
        }
        return finder.find(request.infrastructure(), request.worker())
                .orElseThrow(() -> new MicadoException(
                        ErrorKind.OUTCOME_UNKNOWN,
                        "the container of worker " + request.worker() + " was started and is gone already"));
    }

    /** Makes and starts a container; when it surely does not start, none is left. */
    private void start(WorkerContainer container, boolean privileged) {
        ObjectNode body = container.toJson(privileged);
        String id = host.containers().create(WorkerContainer.nameFor(container.request()), body);
        try {
            host.containers().start(id);
        } catch (MicadoException e) {
            if (e.kind() != ErrorKind.OUTCOME_UNKNOWN) {
                host.containers().remove(id);
            }
            throw e;
        }
    }

    private Machine afterFailure(LaunchRequest request, MicadoException failure) {
        if (failure.kind() == ErrorKind.CONFLICT) {
            return finder.find(request.infrastructure(), request.worker())
                    .orElseThrow(() -> giveUp(
                            request,
                            new MicadoException(
                                    ErrorKind.CONFLICT,
                                    "Docker at " + host.host() + " has a container \""
                                            + WorkerContainer.nameFor(request)
                                            + "\" already that is not this worker; remove or rename it",
                                    failure)));
        }
        if (failure.kind() == ErrorKind.OUTCOME_UNKNOWN) {
            throw failure; // what there is of it shows up in the next list, and the note with it
        }
        throw giveUp(request, LaunchFailures.explain(failure, settings, host.host()));
    }

    private MicadoException giveUp(LaunchRequest request, MicadoException failure) {
        try {
            state.delete(request.worker(), state.engineOf(request.worker()));
        } catch (MicadoException e) {
            log.warn("what was prepared for worker {} is left behind: {}", request.worker(), e.getMessage());
        }
        return failure.withTarget(request.worker().value());
    }
}
