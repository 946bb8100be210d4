package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.ServiceState.Mode;
import io.micado.api.spi.ClusterChange;
import io.micado.api.worker.NodeId;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.DockerJson;
import io.micado.docker.EngineRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Carries out one {@link ClusterChange} at one manager, for {@link SwarmCluster}. Stateless and thread-safe.
 *
 * <p>All updates are raw JSON, read, patched and written back whole, because docker-java's types know only some of the
 * fields and would erase the others.
 */
final class ClusterWriter {
    private ClusterWriter() {}

    static void apply(DockerEngine manager, ClusterChange change) {
        if (change instanceof ClusterChange.Deploy deploy) {
            deploy(manager, deploy);
        } else if (change instanceof ClusterChange.Scale scale) {
            updateService(manager, scale.service(), spec -> scale(spec, scale));
        } else if (change instanceof ClusterChange.LabelService label) {
            updateService(manager, label.service(), spec -> ServiceDocument.setLabels(spec, label.labels()));
        } else if (change instanceof ClusterChange.Remove remove) {
            removeService(manager, remove.service());
        } else if (change instanceof ClusterChange.Rebalance rebalance) {
            updateService(manager, rebalance.service(), ClusterWriter::forceUpdate);
        } else if (change instanceof ClusterChange.SetAvailability availability) {
            setAvailability(manager, availability);
        } else if (change instanceof ClusterChange.LabelNode label) {
            updateNode(manager, label.node(), spec -> ServiceDocument.setLabels(spec, label.labels()));
        } else if (change instanceof ClusterChange.RemoveNode remove) {
            removeNode(manager, remove.node());
        } else if (change instanceof ClusterChange.RotateJoinToken) {
            rotateJoinToken(manager);
        } else {
            throw new MicadoException(ErrorKind.UNSUPPORTED, "a Swarm cannot be changed by " + change);
        }
    }

    private static void deploy(DockerEngine manager, ClusterChange.Deploy deploy) {
        String name = deploy.spec().name();
        if (findService(manager, name).isEmpty()) {
            try {
                manager.send(EngineRequest.post("/services/create").json(ServiceDocument.create(deploy)));
                return;
            } catch (DockerException e) {
                if (e.kind() != ErrorKind.CONFLICT) {
                    throw e;
                }
                // Somebody else made it meanwhile: bring theirs to the specification.
            }
        }
        updateService(manager, name, spec -> ServiceDocument.apply(spec, deploy));
    }

    private static void scale(ObjectNode spec, ClusterChange.Scale scale) {
        if (ServiceMapping.mode(spec) != Mode.REPLICATED) {
            throw new MicadoException(
                    ErrorKind.UNSUPPORTED, "service " + scale.service() + " is not replicated, so it cannot be scaled");
        }
        int current = ServiceMapping.replicas(spec);
        if (current != scale.replicas()) {
            if (current != scale.expected()) {
                throw VersionedUpdate.conflict(
                        "service " + scale.service() + " was to be scaled from " + scale.expected() + " to "
                                + scale.replicas() + " replicas, but somebody else has set it to " + current);
            }
            DockerJson.objectAt(DockerJson.objectAt(spec, "Mode"), "Replicated").put("Replicas", scale.replicas());
        }
        ServiceDocument.setLabels(spec, scale.labels());
    }

    private static void forceUpdate(ObjectNode spec) {
        ObjectNode template = DockerJson.objectAt(spec, "TaskTemplate");
        template.put("ForceUpdate", template.path("ForceUpdate").asLong() + 1);
    }

    private static void setAvailability(DockerEngine manager, ClusterChange.SetAvailability change) {
        String wanted = NodeMapping.availability(change.availability());
        AtomicReference<String> firstSeen = new AtomicReference<>();
        updateNode(manager, change.node(), spec -> {
            String current = spec.path("Availability").asText("");
            firstSeen.compareAndSet(null, current);
            if (!current.equals(firstSeen.get()) && !current.equals(wanted)) {
                throw VersionedUpdate.conflict("node " + change.node() + " was to become " + wanted
                        + ", but somebody else has just set it to " + current);
            }
            spec.put("Availability", wanted);
            ServiceDocument.setLabels(spec, change.labels());
        });
    }

    private static void updateService(DockerEngine manager, String name, Consumer<ObjectNode> change) {
        VersionedUpdate.run(
                manager,
                () -> findService(manager, name)
                        .orElseThrow(() -> new MicadoException(
                                ErrorKind.NOT_FOUND, "there is no service " + name + " in the Swarm")),
                change,
                service -> EngineRequest.post(
                        "/services/{}/update", service.path("ID").asText()));
    }

    static void updateNode(DockerEngine manager, NodeId node, Consumer<ObjectNode> change) {
        VersionedUpdate.run(
                manager,
                () -> manager.object(EngineRequest.get("/nodes/{}", node)),
                change,
                json -> EngineRequest.post("/nodes/{}/update", node));
    }

    private static void removeService(DockerEngine manager, String name) {
        findService(manager, name)
                .ifPresent(service -> ignoringNotFound(() -> manager.send(
                        EngineRequest.delete("/services/{}", service.path("ID").asText()))));
    }

    private static void removeNode(DockerEngine manager, NodeId node) {
        ignoringNotFound(
                () -> manager.send(EngineRequest.delete("/nodes/{}", node).query("force", true)));
    }

    private static void rotateJoinToken(DockerEngine manager) {
        // Nothing in the specification changes, so this is not an update like the others.
        ObjectNode swarm = manager.swarm().inspect();
        JsonNode spec = swarm.path("Spec");
        manager.send(EngineRequest.post("/swarm/update")
                .query("version", Json.version(swarm))
                .query("rotateWorkerToken", true)
                .json(spec));
    }

    /** Finds by the exact name: the engine itself also takes the beginning of an id for a name. */
    private static Optional<ObjectNode> findService(DockerEngine manager, String name) {
        try {
            ObjectNode service = manager.object(EngineRequest.get("/services/{}", name));
            boolean exact = service.path("Spec").path("Name").asText("").equals(name);
            return exact ? Optional.of(service) : Optional.empty();
        } catch (DockerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void ignoringNotFound(Runnable removal) {
        try {
            removal.run();
        } catch (DockerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }
}
