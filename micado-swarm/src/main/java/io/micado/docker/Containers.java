package io.micado.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The containers of one engine, as raw JSON; got from {@link DockerEngine#containers()}. Thread-safe.
 */
public final class Containers {
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final DockerEngine engine;

    Containers(DockerEngine engine) {
        this.engine = engine;
    }

    /**
     * Makes a container; it does not run yet.
     *
     * @param name its name, unique on the engine
     * @param body the whole body of {@code POST /containers/create}
     * @return the container's id
     * @throws DockerException of kind {@code CONFLICT} when the name is taken, {@code NOT_FOUND} when the engine has no
     *     such image
     */
    public String create(String name, ObjectNode body) {
        return engine.object(EngineRequest.post("/containers/create")
                        .query("name", name)
                        .json(body))
                .path("Id")
                .asText();
    }

    /** Starts a container; one that runs already is a success. */
    public void start(String container) {
        engine.send(EngineRequest.post("/containers/{}/start", container));
    }

    /** Stops a container, by force after the grace; one that does not run is a success. */
    public void stop(String container, Duration grace) {
        engine.send(EngineRequest.post("/containers/{}/stop", container)
                .query("t", grace.toSeconds())
                .within(grace.plus(MARGIN)));
    }

    /** Removes a container with its anonymous volumes, even while it runs; none of that name is a success. */
    public void remove(String container) {
        try {
            engine.send(EngineRequest.delete("/containers/{}", container)
                    .query("force", true)
                    .query("v", true)
                    .within(engine.deadline().plus(MARGIN)));
        } catch (DockerException e) {
            boolean otherRemovesIt = e.status() == 409;
            if (e.kind() != ErrorKind.NOT_FOUND && !otherRemovesIt) {
                throw e;
            }
        }
    }

    /** {@return everything about a container} */
    public ObjectNode inspect(String container) {
        return engine.object(EngineRequest.get("/containers/{}/json", container));
    }

    /**
     * {@return the containers, running or not, that carry all these labels; a label with an empty value asks for its
     * name only}
     */
    public List<ObjectNode> list(Map<String, String> labels) {
        List<String> filters = new ArrayList<>();
        labels.forEach((key, value) -> filters.add(value.isEmpty() ? key : key + "=" + value));
        List<ObjectNode> found = new ArrayList<>();
        engine.each(
                EngineRequest.get("/containers/json").query("all", true).filters(Map.of("label", filters)),
                (JsonNode container) -> found.add((ObjectNode) container));
        return found;
    }

    /** Unpacks a tar archive in a container's directory, which has to exist; the container need not run. */
    public void putArchive(String container, String directory, InputStream tar) {
        engine.send(EngineRequest.put("/containers/{}/archive", container)
                .query("path", directory)
                .tar(tar));
    }
}
