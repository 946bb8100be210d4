package io.micado.provider.docker;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Settings;
import io.micado.api.time.Timekeeper;
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
        try {
            for (String image : List.of(WORKER_IMAGE, TASK_IMAGE)) {
                if (!engine.images().exists(image)) {
                    throw unavailable("image " + image + " is missing; run micado-examples/docker/images.sh");
                }
            }
        } catch (MicadoException e) {
            throw unavailable(String.valueOf(e.getMessage()));
        }
        return new RealDocker(lock(), engine);
    }

    DockerEngine engine() {
        return engine;
    }

    /** {@return what is on the engine and would be left behind} */
    Set<String> content() {
        Set<String> content = new TreeSet<>();
        for (ObjectNode container : engine.containers().list(Map.of())) {
            content.add("container " + container.path("Names"));
        }
        engine.object(EngineRequest.get("/volumes"))
                .path("Volumes")
                .forEach(volume -> content.add("volume " + volume.path("Name").asText()));
        engine.each(
                EngineRequest.get("/networks"),
                (JsonNode network) ->
                        content.add("network " + network.path("Name").asText()));
        content.add("swarm " + engine.swarm().state().path("LocalNodeState").asText());
        return content;
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
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker-it.lock");
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
        System.err.println("SKIPPED, because Docker cannot be used: " + why);
        return abort(why);
    }
}
