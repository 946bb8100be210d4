package io.micado.examples;

import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Tags;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.simulation.Eventually.Attempt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the ready-made program with SIGKILL while it launches twenty machines on a cloud, and starts it again: each worker gets one machine and
 * no more, and what the HTTP interface deletes is gone, groups included.
 */
@Timeout(600)
abstract class KilledLaunch {
    private static final int WORKERS = 20;
    private static final int HALF_WAY = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String TOKEN = "a-token-of-more-than-16";
    /** Of documentation: none of these machines really boots. */
    private static final String ADDRESS = "203.0.113.7";

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final List<ChildProgram> programs = new ArrayList<>();
    /** Every machine that was ever seen, by what it is to be. */
    private final Map<MachineId, String> seen = new HashMap<>();

    private SharedEngine shared;
    private Cloud cloud;

    @TempDir
    Path directory;

    /** {@return the environment variable of the test bed; without it the test is skipped, and says so} */
    static String bed(String variable, String script) {
        String value = System.getenv(variable);
        org.junit.jupiter.api.Assumptions.assumeTrue(
                value != null && !value.isBlank(),
                () -> "SKIPPED: " + variable + " is not set; run: eval \"$(" + script + " up)\"");
        return String.valueOf(value);
    }

    abstract CloudProvider provider();

    abstract Settings account() throws Exception;

    /** {@return the instance type, and the lines of {@code machine:}} */
    abstract String machine() throws Exception;

    @BeforeEach
    void ready() throws Exception {
        Settings account = account();
        shared = SharedEngine.forSwarm(getClass());
        cloud = provider().open(account, new PluginContext("killed", "cloud", time, "test", warning -> {}));
    }

    @AfterEach
    void leaveNothing() throws Throwable {
        for (ChildProgram program : programs) {
            program.kill();
        }
        if (cloud != null) {
            cloud.close();
            shared.close();
        }
    }

    @Test
    void aKilledProgramLosesNoMachineAndBuysNoneTwice() throws Throwable {
        ChildProgram first = start();
        until("an infrastructure", () -> assertThat(recordedId()).isNotBlank());
        InfrastructureId id = new InfrastructureId(recordedId());
        until("some machines", () -> assertThat(living(id)).hasSizeGreaterThanOrEqualTo(HALF_WAY));
        int exitCode = first.kill();
        assertThat(exitCode).as("128 + SIGKILL").isEqualTo(137);
        Set<MachineId> before = Set.copyOf(living(id));
        System.out.println("killed when " + before.size() + " of " + WORKERS + " machines were there");

        ChildProgram second = start();
        until("all workers", () -> assertThat(living(id)).hasSize(WORKERS));
        until(
                "the program to know them",
                () -> assertThat(get(second, "api/v1/infrastructures/killed/workers")
                                .split("\"id\"", -1))
                        .hasSizeGreaterThan(WORKERS));
        assertThat(living(id)).as("those of before").containsAll(before).hasSize(WORKERS);
        assertThat(new HashSet<>(seen.values())).as("workers").hasSize(WORKERS);
        assertThat(seen).as("machines that there ever were").hasSize(WORKERS);

        assertThat(send(second, "infrastructures/killed", "DELETE").statusCode())
                .isBetween(200, 202);
        until("nothing to be left", () -> {
            assertThat(living(id)).isEmpty();
            assertThat(cloud.list(id).leftovers()).isEmpty();
            assertThat(shared.swarm()).as("the Swarm that was made for this").isEqualTo("inactive");
        });
        assertThat(seen).as("machines that there ever were").hasSize(WORKERS);
    }

    private Set<MachineId> living(InfrastructureId id) {
        MachineList list = cloud.list(id);
        Set<MachineId> living = new HashSet<>();
        for (Machine machine : list.machines()) {
            seen.put(machine.id(), machine.worker().orElseThrow().value());
            if (machine.status() != MachineStatus.TERMINATED) {
                living.add(machine.id());
            }
        }
        return living;
    }

    /** The identity, from the Swarm itself. */
    private String recordedId() {
        return String.join(
                "",
                shared.docker()
                        .lines(
                                "config",
                                "inspect",
                                "micado.killed",
                                "--format",
                                "{{index .Spec.Labels \"" + Tags.INFRASTRUCTURE + "\"}}"));
    }

    private ChildProgram start() throws Exception {
        StringBuilder account = new StringBuilder();
        Settings settings = account();
        for (String key : settings.keys()) {
            account.append("    ")
                    .append(key)
                    .append(": '")
                    .append(
                            settings.secret(key).isPresent()
                                    ? settings.secret(key).get().reveal()
                                    : settings.string(key, ""))
                    .append("'\n");
        }
        Path file = Files.writeString(directory.resolve("micado.yaml"), """
                name: killed
                orchestrator: swarm
                clouds:
                  cloud:
                    type: %s
                %spools:
                  workers:
                    min: %d
                    max: %d
                    offerings:
                      - cloud: cloud
                %sstateDirectory: %s
                """.formatted(
                        provider().type(), account, WORKERS, WORKERS, machine().indent(8), directory.resolve("state")));
        ChildProgram program =
                ChildProgram.start(Serve.class, Map.of("MICADO_TOKEN", TOKEN), file.toString(), "0", ADDRESS);
        programs.add(program);
        return program;
    }

    private static String get(ChildProgram program, String path) throws IOException, InterruptedException {
        return send(program, path, "GET").body();
    }

    private static HttpResponse<String> send(ChildProgram program, String path, String method)
            throws IOException, InterruptedException {
        String address = program.told("dashboard").orElseThrow();
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void until(String what, Attempt assertions) throws Throwable {
        try {
            eventually(time, PATIENCE, assertions);
        } catch (AssertionError | RuntimeException e) {
            List<List<String>> said = programs.stream().map(ChildProgram::lines).toList();
            throw new AssertionError("waited " + PATIENCE + " for " + what + "; the programs said " + said, e);
        }
    }
}
