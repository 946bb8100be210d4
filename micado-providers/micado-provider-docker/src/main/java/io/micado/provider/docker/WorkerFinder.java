package io.micado.provider.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.service.Resources;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds worker containers on the host engine by their labels, for {@link LocalCloud} and its helpers. Thread-safe. */
final class WorkerFinder {
    private final String cloud;
    private final DockerEngine host;
    private final HostFacts facts;

    WorkerFinder(String cloud, DockerEngine host, HostFacts facts) {
        this.cloud = cloud;
        this.host = host;
        this.facts = facts;
    }

    /** {@return all workers of an infrastructure, whatever state they are in} */
    List<Machine> all(InfrastructureId infrastructure) {
        return read(Labels.common(infrastructure, cloud));
    }

    /** {@return one worker, whatever state it is in} */
    Optional<Machine> find(InfrastructureId infrastructure, WorkerId worker) {
        Map<String, String> labels = Labels.common(infrastructure, cloud);
        labels.put(Tags.WORKER, worker.value());
        return read(labels).stream().findFirst();
    }

    private List<Machine> read(Map<String, String> wanted) {
        Resources capacity = facts.capacity();
        List<Machine> machines = new ArrayList<>();
        for (ObjectNode container : host.containers().list(wanted)) {
            Map<String, String> labels = DockerJson.texts(container.path("Labels"));
            if (Labels.isWorker(labels)) {
                Labels.checkFormat(
                        labels, "container " + container.path("Names").path(0).asText(""));
                machines.add(MachineReader.read(container, cloud, capacity));
            }
        }
        return machines;
    }
}
