package io.micado.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.time.Timekeeper;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerJson;
import io.micado.docker.EngineRequest;
import io.micado.simulation.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Swarm of its own for a test: its manager is a container too, so that nobody else's Swarm on the engine is touched. Used by one
 * test's thread.
 */
final class ManagerContainer implements AutoCloseable {
    private final DockerEngine host;
    private final String container;
    private final DockerEngine engine;
    private final String address;

    private ManagerContainer(DockerEngine host, String container, DockerEngine engine, String address) {
        this.host = host;
        this.container = container;
        this.engine = engine;
        this.address = address;
    }

    /** {@return a manager that has initialised its Swarm; its socket is put into the directory} */
    static ManagerContainer start(DockerEngine host, Path directory, Timekeeper time) throws Throwable {
        ObjectNode body = DockerJson.object();
        body.put("Image", RealDocker.WORKER_IMAGE);
        body.putArray("Cmd")
                .add("dockerd")
                .add("--host=unix:///micado/docker.sock")
                .add("--group=0");
        ObjectNode hostConfig = body.putObject("HostConfig");
        Rights.write(hostConfig, false);
        hostConfig.putArray("Binds").add(directory + ":/micado");
        String container = host.containers().create("micado-test-manager-" + time.nanoTime(), body);
        host.containers().start(container);
        DockerEngine engine = DockerEngine.open(DockerConnection.atSocket(directory.resolve("docker.sock")), time);
        String address = host.containers()
                .inspect(container)
                .path("NetworkSettings")
                .path("IPAddress")
                .asText();
        Eventually.eventually(time, Duration.ofSeconds(60), engine::info);
        ObjectNode init = DockerJson.object();
        init.put("ListenAddr", "0.0.0.0:2377");
        init.put("AdvertiseAddr", address);
        engine.send(EngineRequest.post("/swarm/init").json(init).within(Duration.ofSeconds(30)));
        return new ManagerContainer(host, container, engine, address);
    }

    JoinInfo joinInfo() {
        String token =
                engine.swarm().inspect().path("JoinTokens").path("Worker").asText();
        return JoinInfo.of(List.of(address + ":2377"), Secret.of(token));
    }

    /** {@return the nodes that are ready and no managers} */
    List<JsonNode> readyWorkers() {
        List<JsonNode> nodes = new ArrayList<>();
        engine.each(EngineRequest.get("/nodes"), node -> {
            boolean ready = node.path("Status").path("State").asText().equals("ready");
            if (ready && node.path("Spec").path("Role").asText().equals("worker")) {
                nodes.add(node);
            }
        });
        return nodes;
    }

    /** Starts a service with one task on every worker at most. */
    void createService(String name, String image, int replicas) {
        ObjectNode spec = DockerJson.object();
        spec.put("Name", name);
        ObjectNode template = spec.putObject("TaskTemplate");
        ObjectNode containerSpec = template.putObject("ContainerSpec");
        containerSpec.put("Image", image);
        containerSpec.putArray("Command").add("sleep").add("1000");
        ObjectNode placement = template.putObject("Placement");
        placement.putArray("Constraints").add("node.role==worker");
        placement.put("MaxReplicas", 1);
        spec.putObject("Mode").putObject("Replicated").put("Replicas", replicas);
        engine.send(EngineRequest.post("/services/create").json(spec));
    }

    /** {@return the nodes on which tasks of a service run} */
    List<String> nodesRunning(String service) {
        List<String> nodes = new ArrayList<>();
        engine.each(EngineRequest.get("/tasks").filters(Map.of("service", List.of(service))), task -> {
            if (task.path("Status").path("State").asText().equals("running")) {
                nodes.add(task.path("NodeID").asText());
            }
        });
        return nodes;
    }

    @Override
    public void close() {
        engine.close();
        host.containers().remove(container);
    }
}
