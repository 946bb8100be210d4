package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.DockerJson;
import io.micado.docker.EngineRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads an object of the Swarm, changes its specification and writes the whole of it back under the version that was
 * read; again, from the start, when somebody else was faster. Used by {@link ClusterWriter} and {@link SwarmSetup}.
 * Stateless.
 */
final class VersionedUpdate {
    private static final int TRIES = 5;

    private VersionedUpdate() {}

    /**
     * Carries the change out.
     *
     * @param read gives the object as it is now, with {@code ID}, {@code Version} and {@code Spec}
     * @param change changes the {@code Spec}, or throws when what it finds is not what it was made for; may be called
     *     several times
     * @param request makes the request that writes, without version and body
     */
    static void run(
            DockerEngine manager,
            Supplier<ObjectNode> read,
            Consumer<ObjectNode> change,
            Function<ObjectNode, EngineRequest> request) {
        for (int attempt = 1; ; attempt++) {
            ObjectNode object = read.get();
            ObjectNode spec = DockerJson.objectAt(object, "Spec");
            ObjectNode before = spec.deepCopy();
            change.accept(spec);
            dropNewEmpties(spec, before);
            if (spec.equals(before)) {
                return;
            }
            try {
                manager.send(request.apply(object)
                        .query("version", Json.version(object))
                        .json(spec));
                return;
            } catch (DockerException e) {
                if (e.kind() != ErrorKind.CONFLICT || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * An empty object where there was none says nothing new, but the Swarm may take it for a difference and restart
     * replicas.
     */
    private static void dropNewEmpties(ObjectNode after, JsonNode before) {
        for (Map.Entry<String, JsonNode> field : List.copyOf(after.properties())) {
            JsonNode value = field.getValue();
            JsonNode old = before.path(field.getKey());
            if (value instanceof ObjectNode object) {
                dropNewEmpties(object, old);
            }
            if (value.isContainerNode() && value.isEmpty() && (old.isMissingNode() || old.isNull())) {
                after.remove(field.getKey());
            }
        }
    }

    static MicadoException conflict(String message) {
        return new MicadoException(ErrorKind.CONFLICT, message);
    }
}
