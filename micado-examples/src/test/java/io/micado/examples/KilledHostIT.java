package io.micado.examples;

import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.worker.Tags;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerSettings;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a host program with SIGKILL on a real Docker, at several moments, and starts it again: no worker is launched twice for
 * good, a second program waits for its turn, and destroy leaves nothing behind.
 */
class KilledHostIT {
    private final SystemTimekeeper time = new SystemTimekeeper();
    private final DockerConnection connection = DockerConnection.at(DockerSettings.defaultHost());
    private final List<ChildProgram> programs = new ArrayList<>();
    private SharedEngine shared;
    private DockerEngine engine;

    @TempDir
    Path directory;

    @BeforeEach
    void takeDocker() throws IOException {
        shared = SharedEngine.forSwarm(KilledHostIT.class, "micado/worker:debian");
        engine = DockerEngine.open(connection, time);
    }

    @AfterEach
    void end() throws Exception {
        for (ChildProgram program : programs) {
            program.kill();
        }
        if (engine != null) {
            engine.close();
            shared.close();
        }
    }

    @Test
    void survivesBeingKilledAndStartedAgain() throws Throwable {
        ChildProgram first = start();
        until("a worker that runs", () -> running() > 0);
        first.kill();

        ChildProgram second = start();
        until("both workers", () -> second.says("ready=2"));
        assertThat(workers()).as("workers after the crash").hasSize(HostProgram.WORKERS);

        ChildProgram third = start();
        until("the third program", () -> third.says("acting=false ready=2"));
        second.kill();
        until("the third program to take over", () -> third.says("acting=true ready=2"));
        assertThat(workers()).as("workers after the second crash").hasSize(HostProgram.WORKERS);
        assertThat(new HashSet<>(workers())).as("their identities").hasSize(HostProgram.WORKERS);

        third.poke();
        until("the report", () -> third.says("report: "));
        assertThat(third.lines()).contains("report: everything is gone");
        assertThat(workers()).as("workers after destroy").isEmpty();
        assertThat(shared.swarm()).as("the Swarm that was made for this").isEqualTo("inactive");
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

    private ChildProgram start() throws IOException {
        ChildProgram program = ChildProgram.start(HostProgram.class, Map.of(), directory.toString());
        programs.add(program);
        return program;
    }

    private void until(String what, BooleanSupplier condition) throws Throwable {
        eventually(
                time,
                Duration.ofMinutes(3),
                () -> assertThat(condition.getAsBoolean())
                        .as(
                                "waited 3 min for %s; the programs said %s",
                                what, programs.stream().map(ChildProgram::lines).toList())
                        .isTrue());
    }
}
