package io.micado.provider.docker;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Settings;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerSettings;
import io.micado.docker.EngineRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The machine's own Docker Engine for integration tests, one of them at a time. Without it, or without the images, a test is skipped with a
 * loud word; with {@code -Dmicado.docker.required=true} that is a failure. Used by one test's thread.
 */
final class RealDocker implements AutoCloseable {
    static final String WORKER_IMAGE = WorkerImages.LOCAL_IMAGE;
    static final String TASK_IMAGE = "micado/busybox:latest";

    private final FileChannel lock;
    private final DockerEngine engine;

    private RealDocker(FileChannel lock, DockerEngine engine) {
        this.lock = lock;
        this.engine = engine;
    }

    static RealDocker require(Timekeeper time) {
        DockerConnection connection = DockerSettings.connection(Settings.EMPTY);
        DockerEngine engine = DockerEngine.open(connection, time);
        Optional<String> obstacle = obstacle(engine);
        if (obstacle.isPresent()) {
            engine.close();
            throw unavailable(obstacle.get());
        }
        return new RealDocker(lock(), engine);
    }

    private static Optional<String> obstacle(DockerEngine engine) {
        try {
            for (String image : List.of(WORKER_IMAGE, TASK_IMAGE)) {
                if (!engine.images().exists(image)) {
                    return Optional.of("image " + image + " is missing; run micado-examples/docker/images.sh");
                }
            }
        } catch (MicadoException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    DockerEngine engine() {
        return engine;
    }

    /** {@return the volumes of an infrastructure's workers; others on the engine may come and go} */
    Set<String> volumesOf(InfrastructureId infrastructure) {
        Set<String> names = new TreeSet<>();
        for (ObjectNode container : containersOf(infrastructure)) {
            for (JsonNode mount :
                    engine.containers().inspect(container.path("Id").asText()).path("Mounts")) {
                if (mount.path("Type").asText().equals("volume")) {
                    names.add(mount.path("Name").asText());
                }
            }
        }
        return names;
    }

    /** {@return what there is of an infrastructure: its containers, and those of the volumes that exist} */
    Set<String> remains(InfrastructureId infrastructure, Set<String> volumes) {
        Set<String> remains = new TreeSet<>();
        containersOf(infrastructure).forEach(container -> remains.add("container " + container.path("Names")));
        for (JsonNode volume : engine.object(EngineRequest.get("/volumes")).path("Volumes")) {
            String name = volume.path("Name").asText();
            boolean labelled = infrastructure
                    .value()
                    .equals(volume.path("Labels").path(Tags.INFRASTRUCTURE).asText());
            if (labelled || volumes.contains(name)) {
                remains.add("volume " + name);
            }
        }
        return remains;
    }

    private List<ObjectNode> containersOf(InfrastructureId infrastructure) {
        return engine.containers().list(Map.of(Tags.INFRASTRUCTURE, infrastructure.value()));
    }

    @Override
    public void close() {
        engine.close();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One lock for all integration tests of all modules that use the engine, whoever builds them. */
    private static FileChannel lock() {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker.lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuntimeException unavailable(String why) {
        if (Boolean.getBoolean("micado.docker.required")) {
            throw new AssertionError("Docker is required for this test: " + why);
        }
        System.err.println("*** SKIPPED: " + why);
        System.err.println("*** With -Dmicado.docker.required=true this is a failure.");
        return abort(why);
    }
}
