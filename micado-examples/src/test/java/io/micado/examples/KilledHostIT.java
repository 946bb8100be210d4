package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.worker.Tags;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.DockerSettings;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a host program with SIGKILL on a real Docker, at several moments, and starts it again: no worker is launched twice for
 * good, a second program waits for its turn, and destroy leaves nothing behind.
 */
class KilledHostIT {
    private static final String REQUIRED = "micado.docker.required";
    private static final String WORKER_IMAGE = "micado/worker:debian";
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker.lock");

    private final DockerConnection connection = DockerConnection.at(DockerSettings.defaultHost());
    private final List<Program> programs = new ArrayList<>();
    private FileChannel lock;
    private DockerEngine engine;

    @TempDir
    Path directory;

    @BeforeEach
    void requireDocker() throws IOException {
        lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        engine = DockerEngine.open(connection, new SystemTimekeeper());
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent() && Boolean.getBoolean(REQUIRED)) {
            throw new AssertionError(obstacle.get());
        }
        obstacle.ifPresent(why -> System.err.println("*** SKIPPED KilledHostIT: " + why));
        Assumptions.assumeTrue(obstacle.isEmpty());
    }

    private Optional<String> obstacle() {
        try {
            if (!engine.images().exists(WORKER_IMAGE)) {
                return Optional.of("there is no image " + WORKER_IMAGE + "; micado-examples/docker/images.sh makes it");
            }
            String state = engine.swarm().state().path("LocalNodeState").asText();
            return state.equals("inactive")
                    ? Optional.empty()
                    : Optional.of("the engine is in a Swarm (" + state + ") that is not this test's");
        } catch (DockerException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @AfterEach
    void end() throws Exception {
        for (Program program : programs) {
            program.process.destroyForcibly().waitFor();
        }
        engine.close();
        lock.close(); // releases the lock
    }

    @Test
    void survivesBeingKilledAndStartedAgain() throws Exception {
        Program first = start();
        until("a worker that runs", () -> running() > 0);
        first.kill();

        Program second = start();
        until("both workers", () -> second.says("ready=2"));
        assertThat(workers()).as("workers after the crash").hasSize(HostProgram.WORKERS);

        Program third = start();
        until("the third program", () -> third.says("acting=false ready=2"));
        second.kill();
        until("the third program to take over", () -> third.says("acting=true ready=2"));
        assertThat(workers()).as("workers after the second crash").hasSize(HostProgram.WORKERS);
        assertThat(new HashSet<>(workers())).as("their identities").hasSize(HostProgram.WORKERS);

        third.destroy();
        until("the report", () -> third.says("report: "));
        assertThat(third.lines).contains("report: everything is gone");
        assertThat(workers()).as("workers after destroy").isEmpty();
        assertThat(engine.swarm().state().path("LocalNodeState").asText())
                .as("the Swarm that was made for this")
                .isEqualTo("inactive");
    }

    private List<String> workers() {
        List<String> ids = new ArrayList<>();
        engine.containers()
                .list(Map.of(Tags.POOL, "workers"))
                .forEach(container ->
                        ids.add(container.path("Labels").path(Tags.WORKER).asText()));
        return ids;
    }

    private long running() {
        return engine.containers().list(Map.of(Tags.POOL, "workers")).stream()
                .filter(container -> container.path("State").asText().equals("running"))
                .count();
    }

    private Program start() throws IOException {
        Program program = new Program(directory);
        programs.add(program);
        return program;
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as(
                            "waited 3 min for %s; the programs said %s",
                            what, programs.stream().map(p -> p.lines).toList())
                    .isLessThan(end);
            assertThat(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    /** A host program in a JVM of its own. */
    private static final class Program {
        final Process process;
        final List<String> lines = new CopyOnWriteArrayList<>();

        Program(Path directory) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            HostProgram.class.getName(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
            Thread reader = new Thread(this::read, "output of a host program");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                lines.add("(its output ended: " + e.getMessage() + ")");
            }
        }

        boolean says(String beginning) {
            return lines.stream().anyMatch(line -> line.startsWith(beginning) || line.endsWith(beginning));
        }

        /** SIGKILL on every platform that has it. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        void destroy() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }
    }
}
