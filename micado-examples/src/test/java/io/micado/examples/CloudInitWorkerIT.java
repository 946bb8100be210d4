package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.spi.UserData;
import io.micado.api.worker.Node;
import io.micado.api.worker.WorkerId;
import io.micado.bootstrap.CloudConfigFile;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.swarm.SwarmOrchestrator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets the real cloud-init carry out the user data of a worker on a fresh machine, which is a container without Docker: it becomes a
 * node of a real Swarm with its labels, and no secret is left on it.
 */
class CloudInitWorkerIT {
    private static final WorkerId WORKER = new WorkerId("w-cloud-init");
    /** What a shell would stumble over. */
    private static final String POOL = "it's \"$(reboot)\" & ö";

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final DockerCli docker = new DockerCli();
    private SharedEngine shared;
    private CloudInitMachine machine;
    private Optional<Cluster> cluster = Optional.empty();

    @TempDir
    Path directory;

    @BeforeEach
    void takeDocker() throws IOException {
        shared = SharedEngine.forSwarm(CloudInitWorkerIT.class, CloudInitMachine.IMAGE);
    }

    @AfterEach
    void end() throws IOException {
        if (machine != null) {
            machine.close();
        }
        cluster.ifPresent(Cluster::close);
        if (shared != null) {
            shared.close();
        }
    }

    @Test
    void aFreshMachineBecomesAWorkerAndKeepsNoSecret() throws Throwable {
        Cluster swarm = open();
        swarm.start();
        JoinInfo join = swarm.joinInfo();
        Secret userData = WorkerCloudInit.builder()
                .nodeExporter()
                .file(CloudConfigFile.of(
                        "/etc/docker/daemon.json", "{\"log-driver\": \"json-file\", \"labels\": [\"rack=7\"]}"))
                .command("touch", "/root/it's $HOME")
                .build()
                .userData(WORKER, LaunchRequest.engineLabels(WORKER, POOL), withAnotherManager(join))
                .orElseThrow();
        byte[] compressed = UserData.fit(userData, CloudTraits.DEFAULT.userDataLimit());
        assertThat(compressed).as("gzip").startsWith(0x1f, 0x8b);
        machine = CloudInitMachine.boot(docker, time, directory, "worker", compressed);

        Node node = swarm.observe().nodes().stream()
                .filter(one -> !one.manager())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no worker joined; the machine said " + machine.log()));
        assertThat(node.status()).isEqualTo(Node.Status.READY);
        assertThat(node.engineLabels())
                .containsAllEntriesOf(LaunchRequest.engineLabels(WORKER, POOL))
                .containsEntry("rack", "7");
        assertThat(machine.run("cat /run/cloud-init/result.json")).contains("\"errors\": []");
        assertThat(machine.run("cat /etc/docker/daemon.json")).contains("json-file");
        assertThat(machine.run("ls /root")).contains("it's $HOME");
        assertThat(machine.log())
                .contains("could not join at 192.0.2.1:2377")
                .doesNotContain(join.token().reveal());

        aptTellsWhatCanBeInstalled();
        onlyTheManagerReachesTheExporter(node.address());
        noSecretIsLeft(join);
    }

    /** Nobody answers there, so the machine has to ask the next one. */
    private static JoinInfo withAnotherManager(JoinInfo join) {
        List<String> managers = List.of("192.0.2.1:2377", join.managers().get(0));
        return new JoinInfo(managers, join.token(), join.attributes());
    }

    /** Apt knows the name of what a package that is there suggests, as Debian 12 knows Consul, and has nothing by this name. */
    private void aptTellsWhatCanBeInstalled() {
        String mentioned = machine.run(
                "apt-cache depends docker.io | sed -n 's/.*Suggests: //p' | tr -d '<>' | while read name; do"
                        + " apt-cache show $name >/dev/null 2>&1 && ! apt-get install -s $name >/dev/null 2>&1 && echo $name; done | head -n 1");
        assertThat(mentioned).isNotBlank();
        assertThat(machine.run(
                        "cd /usr/local/lib/micado && python3 -c 'import machine; print([machine.has_package(name) for name in"
                                + " (\"docker.io\", \"consul\", \"" + mentioned + "\", \"no-such-package\")])'"))
                .isEqualTo("[True, True, False, False]");
    }

    private void onlyTheManagerReachesTheExporter(String address) throws Throwable {
        machine.until(
                "the node exporter", () -> assertThat(reaches(address, 9100)).isTrue());
        assertThat(machine.run("python3 /usr/local/lib/micado/machine.py firewall && iptables -S | grep -c MICADO"))
                .as("a second time changes nothing")
                .isEqualTo(machine.run("iptables -S | grep -c MICADO"));
        assertThat(docker.succeeds(inAnotherContainer("nc", "-w", "3", address, "7946", "-e", "true")))
                .as("the Swarm's own port from another container")
                .isTrue();
        assertThat(docker.succeeds(inAnotherContainer("nc", "-w", "3", address, "9100", "-e", "true")))
                .as("the node exporter from another container")
                .isFalse();
        assertThat(machine.run("iptables -S MICADO-CONTAINERS")).contains("-d 169.254.169.254/32 -j REJECT");
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

    private void noSecretIsLeft(JoinInfo join) throws Throwable {
        String token = join.token().reveal();
        machine.keepsNone(token);
        // Cloud-init stores the user data again at the next boot.
        machine.rebootInto("micado-scrub.service");
        assertThat(machine.run("cat /run/cloud-init/result.json")).contains("NoCloud");
        machine.keepsNone(token);
    }

    private Cluster open() {
        PluginContext context =
                new PluginContext("cloud-init-it", "orchestrator", time, "io.micado.it", System.err::println);
        Cluster open = new SwarmOrchestrator().open(Settings.EMPTY, context);
        cluster = Optional.of(open);
        return open;
    }
}
