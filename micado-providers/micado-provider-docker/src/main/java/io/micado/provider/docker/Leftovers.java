package io.micado.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.EngineRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds and removes what workers leave when their container is removed by somebody else, or when a launch was cut off: directories and
 * volumes. Called by {@link LocalCloud}. Thread-safe.
 */
final class Leftovers {
    private static final String DIRECTORY = "directory";
    private static final String VOLUME = "volume";

    private final String cloud;
    private final DockerEngine host;
    private final StateDirectory state;

    Leftovers(String cloud, DockerEngine host, StateDirectory state) {
        this.cloud = cloud;
        this.host = host;
        this.state = state;
    }

    /**
     * {@return what is left of workers that are not among these}
     *
     * @param notes the notes as they were <em>before</em> the workers were listed, so that none is of a later launch
     * @param present the workers that have a container, or are getting one
     */
    List<Leftover> of(InfrastructureId infrastructure, List<WorkerNote> notes, Set<WorkerId> present) {
        List<Leftover> leftovers = new ArrayList<>();
        for (WorkerNote note : notes) {
            if (note.belongsTo(infrastructure, cloud) && !present.contains(note.worker())) {
                String path = state.directoryOf(note.worker()).toString();
                leftovers.add(new Leftover(cloud, DIRECTORY, path, false, false));
            }
        }
        for (JsonNode volume : volumes(infrastructure)) {
            String worker = volume.path("Labels").path(Tags.WORKER).asText("");
            if (!worker.isBlank() && !present.contains(new WorkerId(worker))) {
                leftovers.add(new Leftover(cloud, VOLUME, volume.path("Name").asText(), false, false));
            }
        }
        return leftovers;
    }

    /** Removes a leftover; one that does not exist any more is a success. */
    void remove(Leftover leftover) {
        switch (leftover.kind()) {
            case DIRECTORY -> removeDirectory(leftover);
            case VOLUME -> removeVolume(leftover);
            default ->
                throw new MicadoException(
                        ErrorKind.NOT_FOUND, "a local cloud has nothing of the kind " + leftover.kind());
        }
    }

    private void removeDirectory(Leftover leftover) {
        for (WorkerNote note : state.notes()) {
            URI engine = state.engineOf(note.worker());
            boolean meant = state.directoryOf(note.worker()).toString().equals(leftover.id());
            if (meant && note.cloud().equals(cloud)) {
                if (hasContainer(note)) {
                    throw new MicadoException(
                            ErrorKind.CONFLICT, leftover + " is in use by worker " + note.worker() + " again");
                }
                state.delete(note.worker(), engine);
            }
        }
    }

    private boolean hasContainer(WorkerNote note) {
        Map<String, String> labels = Labels.common(note.infrastructure(), cloud);
        labels.put(Tags.WORKER, note.worker().value());
        return !host.containers().list(labels).isEmpty();
    }

    private void removeVolume(Leftover leftover) {
        try {
            host.send(EngineRequest.delete("/volumes/{}", leftover.id()));
        } catch (DockerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private JsonNode volumes(InfrastructureId infrastructure) {
        List<String> labels = new ArrayList<>();
        Labels.common(infrastructure, cloud).forEach((key, value) -> labels.add(key + "=" + value));
        return host.object(EngineRequest.get("/volumes").filters(Map.of("label", labels, "dangling", List.of("true"))))
                .path("Volumes");
    }
}
