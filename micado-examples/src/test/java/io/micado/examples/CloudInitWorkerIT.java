package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.Cluster;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Node;
import io.micado.api.worker.WorkerId;
import io.micado.bootstrap.CloudConfigFile;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.swarm.SwarmOrchestrator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets the real cloud-init carry out the user data of a worker on a fresh machine, which is a container without Docker: it becomes a
 * node of a real Swarm with its labels, and no secret is left on it.
 */
class CloudInitWorkerIT {
    private static final String REQUIRED = "micado.docker.required";
    private static final String IMAGE = "micado/cloud-init:debian";
    private static final String MACHINE = "micado-cloud-init-it";
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "micado-docker.lock");
    private static final WorkerId WORKER = new WorkerId("w-cloud-init");
    /** What a shell would stumble over. */
    private static final String POOL = "it's \"$(reboot)\" & ö";

    private final DockerCli docker = new DockerCli();
    private FileChannel lock;
    private Optional<Cluster> cluster = Optional.empty();

    @TempDir
    Path directory;

    @BeforeEach
    void requireDocker() throws IOException {
        lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent() && Boolean.getBoolean(REQUIRED)) {
            throw new AssertionError(obstacle.get());
        }
        obstacle.ifPresent(why -> System.err.println("*** SKIPPED CloudInitWorkerIT: " + why));
        Assumptions.assumeTrue(obstacle.isEmpty());
    }

    private Optional<String> obstacle() {
        if (!docker.succeeds("version")) {
            return Optional.of("no Docker Engine answers");
        }
        if (!docker.succeeds("image", "inspect", IMAGE)) {
            return Optional.of("there is no image " + IMAGE + "; run: micado-examples/docker/images.sh cloud-init");
        }
        String state =
                docker.lines("info", "--format", "{{.Swarm.LocalNodeState}}").get(0);
        return state.equals("inactive")
                ? Optional.empty()
                : Optional.of("the engine is in a Swarm (" + state + ") that is not this test's");
    }

    @AfterEach
    void end() throws IOException {
        docker.succeeds("rm", "-f", "-v", MACHINE);
        cluster.ifPresent(open -> {
            open.close();
            docker.succeeds("swarm", "leave", "--force");
        });
        lock.close(); // releases the lock
    }

    @Test
    void aFreshMachineBecomesAWorkerAndKeepsNoSecret() throws Exception {
        Cluster swarm = open();
        swarm.start();
        JoinInfo join = swarm.joinInfo();
        boot(WorkerCloudInit.builder()
                .nodeExporter()
                .file(CloudConfigFile.of(
                        "/etc/docker/daemon.json", "{\"log-driver\": \"json-file\", \"labels\": [\"rack=7\"]}"))
                .command("touch", "/root/it's $HOME")
                .build()
                .userData(WORKER, LaunchRequest.engineLabels(WORKER, POOL), withAnotherManager(join))
                .orElseThrow()
                .reveal());

        Node node = swarm.observe().nodes().stream()
                .filter(one -> !one.manager())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no worker joined; the machine said " + log()));
        assertThat(node.status()).isEqualTo(Node.Status.READY);
        assertThat(node.engineLabels())
                .containsAllEntriesOf(LaunchRequest.engineLabels(WORKER, POOL))
                .containsEntry("rack", "7");
        assertThat(inMachine("cat /run/cloud-init/result.json")).contains("\"errors\": []");
        assertThat(inMachine("cat /etc/docker/daemon.json")).contains("json-file");
        assertThat(inMachine("ls /root")).contains("it's $HOME");
        assertThat(log())
                .contains("could not join at 192.0.2.1:2377")
                .doesNotContain(join.token().reveal());

        onlyTheManagerReachesTheExporter(node.address());
        noSecretIsLeft(join);
    }

    /** Nobody answers there, so the machine has to ask the next one. */
    private static JoinInfo withAnotherManager(JoinInfo join) {
        List<String> managers = List.of("192.0.2.1:2377", join.managers().get(0));
        return new JoinInfo(managers, join.token(), join.attributes());
    }

    private void onlyTheManagerReachesTheExporter(String address) throws Exception {
        until("the node exporter", () -> reaches(address, 9100));
        assertThat(inMachine("python3 /usr/local/lib/micado/machine.py firewall && iptables -S | grep -c MICADO"))
                .as("a second time changes nothing")
                .isEqualTo(inMachine("iptables -S | grep -c MICADO"));
        assertThat(docker.succeeds(inAnotherContainer("nc", "-w", "3", address, "7946", "-e", "true")))
                .as("the Swarm's own port from another container")
                .isTrue();
        assertThat(docker.succeeds(inAnotherContainer("nc", "-w", "3", address, "9100", "-e", "true")))
                .as("the node exporter from another container")
                .isFalse();
        assertThat(inMachine("iptables -S MICADO-CONTAINERS")).contains("-d 169.254.169.254/32 -j REJECT");
    }

    private static String[] inAnotherContainer(String... command) {
        String[] whole = new String[3 + command.length];
        whole[0] = "run";
        whole[1] = "--rm";
        whole[2] = "micado/busybox:latest";
        System.arraycopy(command, 0, whole, 3, command.length);
        return whole;
    }

    private static boolean reaches(String address, int port) {
        try (java.net.Socket socket = new java.net.Socket()) {
            socket.connect(new java.net.InetSocketAddress(address, port), 2_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void noSecretIsLeft(JoinInfo join) {
        String everywhere = "grep -rslaF --exclude-dir=proc --exclude-dir=sys -- ";
        assertThat(inMachine(everywhere + join.token().reveal() + " / || :")).isBlank();
        // Cloud-init stores the user data again at the next boot.
        inMachine("echo " + join.token().reveal() + " > $(echo /var/lib/cloud/instances/*)/user-data.txt");
        inMachine("python3 /usr/local/lib/micado/machine.py scrub");
        assertThat(inMachine(everywhere + join.token().reveal() + " / || :")).isBlank();
    }

    private Cluster open() {
        PluginContext context = new PluginContext(
                "cloud-init-it", "orchestrator", new SystemTimekeeper(), "io.micado.it", System.err::println);
        Cluster open = new SwarmOrchestrator().open(Settings.EMPTY, context);
        cluster = Optional.of(open);
        return open;
    }

    private void boot(String userData) throws Exception {
        Path seed = Files.createDirectories(directory.resolve("cloud/seed/nocloud"));
        Files.writeString(seed.resolve("user-data"), userData);
        Files.writeString(seed.resolve("meta-data"), "instance-id: i-" + MACHINE + "\nlocal-hostname: worker\n");
        docker.lines(
                "create",
                "--name=" + MACHINE,
                "--cap-add=SYS_ADMIN",
                "--cap-add=NET_ADMIN",
                "--security-opt=seccomp=unconfined",
                "--security-opt=apparmor=unconfined",
                "--tmpfs=/run",
                IMAGE);
        docker.lines("cp", directory.resolve("cloud").toString(), MACHINE + ":/var/lib/");
        docker.lines("start", MACHINE);
        until("the end of the boot", () -> docker.succeeds("exec", MACHINE, "test", "-e", "/run/booted"));
    }

    private String inMachine(String script) {
        return String.join("\n", docker.lines("exec", MACHINE, "sh", "-c", script));
    }

    private String log() {
        return String.join("\n", docker.lines("logs", MACHINE));
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("waited 3 min for %s; the machine said %s", what, log())
                    .isLessThan(end);
            assertThat(new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
