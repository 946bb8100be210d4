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
import java.util.Base64;
import java.util.List;

/**
 * A fresh machine that the real cloud-init boots: a container without Docker, with its packages beside it. Used by one thread; deleted by
 * {@link #close}.
 */
final class CloudInitMachine implements AutoCloseable {
    static final String IMAGE = "micado/machine:debian";
    private static final String LOG = "/var/log/cloud-init-output.log";
    private static final Duration BOOT = Duration.ofMinutes(4);
    /** What a cloud such as CloudSigma tells besides the user data. */
    private static final String PASSWORD = "marked-vnc-password";
    /** Searches every file of the machine: as it is, unpacked, and the Base64 in it, itself unpacked. */
    private static final String SEARCH = """
            import base64, os, re, sys, zlib
            marks = [mark.encode() for mark in sys.argv[1:]]
            def unzipped(content):
                try:
                    return zlib.decompressobj(31).decompress(content)
                except zlib.error:
                    return b''
            def layers(content):
                yield content
                if content[:2] == b'\\x1f\\x8b':
                    yield from layers(unzipped(content))
                for text in re.findall(rb'[A-Za-z0-9+/]{24,}', re.sub(rb'\\s|\\\\n', b'', content)) if len(content) < 1000000 else ():
                    for start in range(4):
                        decoded = base64.b64decode(text[start:] + b'A' * (-(len(text) - start) % 4))
                        yield decoded
                        if decoded[:2] == b'\\x1f\\x8b':
                            yield from layers(unzipped(decoded))
            for top, directories, names in os.walk('/'):
                if top == '/':
                    directories[:] = [name for name in directories if name not in ('proc', 'sys', 'dev')]
                for path in (os.path.join(top, name) for name in names):
                    if not os.path.isfile(path) or os.path.islink(path):
                        continue
                    try:
                        with open(path, 'rb') as source:
                            content = source.read()
                    except OSError: # of a kernel's file system
                        continue
                    if any(mark in layer for layer in layers(content) for mark in marks):
                        print(path)
            """;

    private final DockerCli docker;
    private final Timekeeper time;
    private final String container;
    private final Path cloud;

    private CloudInitMachine(DockerCli docker, Timekeeper time, String container, Path cloud) {
        this.docker = docker;
        this.time = time;
        this.container = container;
        this.cloud = cloud;
    }

    /**
     * Boots one, and waits for the end of its first boot. Its cloud is one that tells user data and a password among the
     * metadata, too, as CloudSigma does.
     *
     * @param directory a private directory of the test
     * @param userData as it is sent, compressed or not
     * @param files directories of this machine that it sees, each {@code HERE:THERE}
     */
    static CloudInitMachine boot(
            DockerCli docker, Timekeeper time, Path directory, String name, byte[] userData, String... files)
            throws Throwable {
        String container = "micado-it-" + name;
        docker.succeeds("rm", "-f", "-v", container); // of a run that was killed
        Path cloud = directory.resolve("cloud");
        Path seed = Files.createDirectories(cloud.resolve("seed/nocloud"));
        Files.write(seed.resolve("user-data"), userData);
        Files.writeString(seed.resolve("meta-data"), """
                instance-id: i-%1$s
                local-hostname: %1$s
                vnc_password: %2$s
                meta: {cloudinit-user-data: %3$s, base64_fields: cloudinit-user-data}
                """.formatted(
                        name, PASSWORD, Base64.getEncoder().encodeToString(userData)));
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
        CloudInitMachine machine = new CloudInitMachine(docker, time, container, cloud);
        try {
            machine.start();
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

    private void start() {
        docker.lines("cp", cloud.toString(), container + ":/var/lib/");
        docker.lines("start", container);
    }

    /** Boots it once more; as the cloud does, it is told everything again. Waits until the boot's last unit has run. */
    void rebootInto(String lastUnit) throws Throwable {
        docker.lines("kill", container);
        start();
        until(
                lastUnit + " to end",
                () -> assertThat(run("systemctl show -P ExecMainExitTimestamp " + lastUnit))
                        .isNotBlank());
    }

    /** Asserts that no file of the machine holds any of these texts, in whatever form, nor what else the cloud told it in confidence. */
    void keepsNone(String... secrets) {
        List<String> command = new ArrayList<>(List.of("exec", container, "python3", "-c", SEARCH, PASSWORD));
        command.addAll(List.of(secrets));
        assertThat(docker.lines(command.toArray(String[]::new)))
                .as("files that hold a secret")
                .isEmpty();
    }

    @Override
    public void close() {
        docker.succeeds("rm", "-f", "-v", container);
    }
}
