package io.micado.examples;

import static io.micado.simulation.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.time.Timekeeper;
import io.micado.simulation.Eventually.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A fresh machine that the real cloud-init boots: a container without Docker, with its packages beside it. Used by one thread; deleted by
 * {@link #close}.
 */
final class CloudInitMachine implements AutoCloseable {
    static final String IMAGE = "micado/machine:debian";
    private static final String LOG = "/var/log/cloud-init-output.log";
    private static final Duration BOOT = Duration.ofMinutes(4);

    private final DockerCli docker;
    private final Timekeeper time;
    private final String container;

    private CloudInitMachine(DockerCli docker, Timekeeper time, String container) {
        this.docker = docker;
        this.time = time;
        this.container = container;
    }

    /**
     * Boots one, and waits for the end of its first boot.
     *
     * @param directory a private directory of the test
     * @param files directories of this machine that it sees, each {@code HERE:THERE}
     */
    static CloudInitMachine boot(
            DockerCli docker, Timekeeper time, Path directory, String name, String userData, String... files)
            throws Throwable {
        String container = "micado-it-" + name;
        docker.succeeds("rm", "-f", "-v", container); // of a run that was killed
        Path seed = Files.createDirectories(directory.resolve("cloud/seed/nocloud"));
        Files.writeString(seed.resolve("user-data"), userData);
        Files.writeString(seed.resolve("meta-data"), "instance-id: i-" + name + "\nlocal-hostname: " + name + "\n");
        List<String> create = new ArrayList<>(List.of(
                "create",
                "--name=" + container,
                "--cap-add=SYS_ADMIN",
                "--cap-add=NET_ADMIN",
                "--security-opt=seccomp=unconfined",
                "--security-opt=apparmor=unconfined",
                "--tmpfs=/run"));
        for (String one : files) {
            create.add("--volume=" + one + ":ro");
        }
        create.add(IMAGE);
        docker.lines(create.toArray(String[]::new));
        CloudInitMachine machine = new CloudInitMachine(docker, time, container);
        try {
            docker.lines("cp", directory.resolve("cloud").toString(), container + ":/var/lib/");
            docker.lines("start", container);
            machine.until(
                    "the end of the boot",
                    () -> assertThat(docker.succeeds(
                                    "exec", container, "test", "-e", "/var/lib/cloud/instance/boot-finished"))
                            .isTrue());
        } catch (IOException | RuntimeException | AssertionError e) {
            machine.close();
            throw e;
        }
        return machine;
    }

    /** {@return what a line for its shell writes; fails when that does} */
    String run(String script) {
        return String.join("\n", docker.lines("exec", container, "sh", "-c", script));
    }

    /** {@return what it wrote while it booted} */
    String log() {
        return docker.succeeds("exec", container, "test", "-e", LOG) ? run("cat " + LOG) : "";
    }

    /** {@return its address on the engine's bridge} */
    String address() {
        return docker.lines("inspect", "--format", "{{.NetworkSettings.IPAddress}}", container)
                .get(0);
    }

    /** Repeats assertions until they hold; the failure tells what the machine said. */
    void until(String what, Attempt assertions) throws Throwable {
        try {
            eventually(time, BOOT, assertions);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("waited " + BOOT + " for " + what + "; the machine said " + log(), e);
        }
    }

    /** Asserts that no file of the machine holds any of these texts. */
    void keepsNone(String... secrets) {
        for (String secret : secrets) {
            assertThat(run("grep -rslaF --exclude-dir=proc --exclude-dir=sys -- '" + secret + "' / || :"))
                    .as("files that hold a secret")
                    .isBlank();
        }
    }

    @Override
    public void close() {
        docker.succeeds("rm", "-f", "-v", container);
    }
}
