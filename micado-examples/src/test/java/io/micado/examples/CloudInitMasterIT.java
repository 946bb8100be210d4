package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.Secret;
import io.micado.api.worker.WorkerId;
import io.micado.bootstrap.ConsulAgent;
import io.micado.bootstrap.Installation;
import io.micado.bootstrap.MasterCloudInit;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets the real cloud-init, under a real systemd, carry out the user data of a whole master, and then that of a worker of it with everything
 * that can be switched on: they find each other, and each part answers who may ask it.
 */
@Timeout(600)
class CloudInitMasterIT {
    private static final WorkerId WORKER = new WorkerId("w-of-the-master");
    private static final String CONFIGURATION = """
            name: guide
            orchestrator: swarm
            metrics:
            - docker
            - {type: prometheus, endpoint: 'http://127.0.0.1:9090', rules: {directory: /etc/prometheus/micado, services: all}}
            adoptServices: {policy: threshold}
            # marked-program-file
            """;

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final DockerCli docker = new DockerCli();
    private final List<CloudInitMachine> machines = new ArrayList<>();
    private SharedEngine shared;

    @TempDir
    Path directory;

    @BeforeEach
    void takeDocker() throws IOException {
        shared = SharedEngine.forContainers(CloudInitMasterIT.class, CloudInitMachine.IMAGE, "micado/busybox:latest");
    }

    @AfterEach
    void end() throws IOException {
        machines.forEach(CloudInitMachine::close);
        if (shared != null) {
            shared.close();
        }
    }

    @Test
    void aMasterAndItsWorkerComeUpWholeAndFindEachOther() throws Throwable {
        CloudInitMachine master = master();
        assertThat(master.run("cat /run/cloud-init/result.json")).contains("\"errors\": []");
        master.until(
                "the program",
                () -> assertThat(master.run(get("127.0.0.1:5000/-/ready"))).contains("ready"));
        for (String unit : List.of("docker", "prometheus", "prometheus-alertmanager", "micado-consul", "micado")) {
            assertThat(master.run("systemctl is-active " + unit)).as(unit).isEqualTo("active");
        }
        assertThat(master.run("docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}'"))
                .isEqualTo("active true");
        master.until(
                "Prometheus",
                () -> assertThat(master.run(get("127.0.0.1:9090/-/ready"))).contains("Ready"));
        assertThat(master.run(get("127.0.0.1:9093/-/ready"))).contains("OK");
        assertThat(master.run("cat /etc/micado/guide.yaml")).contains("marked-program-file");
        assertThat(
                        master.run(
                                "grep -rslaF --exclude-dir=proc --exclude-dir=sys --exclude-dir=program marked-program-file / || :"))
                .as("files with what was a secret of the program")
                .isEqualTo("/etc/micado/guide.yaml");
        assertThat(master.run("stat -c '%U %a' /etc/micado/guide.yaml /etc/micado/secrets/*"))
                .isEqualTo("micado 600\nmicado 600\nmicado 640");
        assertThat(master.run("stat -c '%U %G %a' /etc/prometheus/prometheus.yml /etc/prometheus/alertmanager.yml"))
                .isEqualTo("root prometheus 640\nroot prometheus 640");
        assertThat(master.run("ls /etc/micado")).doesNotContain("master.json");

        CloudInitMachine worker = worker(master);
        assertThat(worker.run("cat /run/cloud-init/result.json")).contains("\"errors\": []");
        assertThat(
                        master.run(
                                "docker node inspect worker --format '{{.Status.State}} {{index .Description.Engine.Labels \"micado.worker\"}}'"))
                .isEqualTo("ready " + WORKER);
        String address = worker.address();
        for (String page : List.of(address + ":9100/metrics", address + ":9200/metrics")) {
            master.until(page, () -> assertThat(master.run(get(page))).contains("# HELP"));
        }
        assertThat(fromElsewhere(address, 7946))
                .as("the Swarm's own port from elsewhere")
                .isTrue();
        assertThat(fromElsewhere(address, 9100))
                .as("node exporter from elsewhere")
                .isFalse();
        assertThat(fromElsewhere(address, 9200)).as("cAdvisor from elsewhere").isFalse();
        assertThat(fromElsewhere(master.address(), 8301))
                .as("Consul's gossip from elsewhere")
                .isTrue();
        for (int port : new int[] {5000, 8500, 9090, 9093}) {
            assertThat(fromElsewhere(master.address(), port))
                    .as("port %s of the master from elsewhere", port)
                    .isFalse();
        }

        assertThat(master.run("consul members | awk '{print $1, $3, $4}'"))
                .contains("master alive server", "worker alive client");
        for (String service : List.of("worker_cluster", "app_docker_cluster")) {
            master.until(
                    service,
                    () -> assertThat(master.run(get("127.0.0.1:8500/v1/health/service/" + service + "?passing")))
                            .contains("\"Node\":\"worker\""));
        }
        rulesReachPrometheus(master);
        alertsReachTheProgram(master);
    }

    private CloudInitMachine master() throws Throwable {
        List<String> files = new ArrayList<>();
        MasterCloudInit cloudInit = MasterCloudInit.builder()
                .infrastructure("guide")
                .program("java", "-cp", mounted(files), Serve.class.getName(), "/etc/micado/guide.yaml")
                .programFile("/etc/micado/guide.yaml", Secret.of(CONFIGURATION))
                .build();
        return boot("master", cloudInit.userData().reveal(), files);
    }

    /** The class path of this JVM as the machine sees it, each entry of it under a number. */
    private static String mounted(List<String> volumes) {
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path here = Path.of(entry).toAbsolutePath();
            if (Files.exists(here) && !here.endsWith("test-classes")) { // which hold what is searched for below
                String there = "/opt/program/" + classPath.size() + (Files.isDirectory(here) ? "" : ".jar");
                volumes.add(here + ":" + there);
                classPath.add(there);
            }
        }
        return String.join(":", classPath);
    }

    private CloudInitMachine worker(CloudInitMachine master) throws Throwable {
        JoinInfo join = JoinInfo.of(
                List.of(master.address() + ":2377"), Secret.of(master.run("docker swarm join-token -q worker")));
        Secret key = Secret.of(master.run("cat /etc/micado/secrets/consul-key"));
        CloudInitMachine worker = boot(
                "worker",
                WorkerCloudInit.builder()
                        .nodeExporter()
                        .cAdvisor(Installation.ofPackage("cadvisor"))
                        .consul(ConsulAgent.client(key))
                        .build()
                        .userData(WORKER, LaunchRequest.engineLabels(WORKER, "workers"), join)
                        .orElseThrow()
                        .reveal(),
                List.of());
        worker.keepsNone(join.token().reveal());
        return worker;
    }

    private CloudInitMachine boot(String name, String userData, List<String> files) throws Throwable {
        CloudInitMachine machine = CloudInitMachine.boot(
                docker,
                time,
                Files.createDirectory(directory.resolve(name)),
                name,
                userData.getBytes(StandardCharsets.UTF_8),
                files.toArray(String[]::new));
        machines.add(machine);
        return machine;
    }

    /** The program writes rules for each service that it scales, and Prometheus reads them. */
    private static void rulesReachPrometheus(CloudInitMachine master) throws Throwable {
        master.run("docker service create -d --name idle --replicas 0 --network host micado/none true");
        master.until(
                "a rule",
                () -> assertThat(master.run(get("127.0.0.1:9090/api/v1/rules"))).contains("idle"));
        master.until(
                "the targets",
                () -> assertThat(master.run(get("127.0.0.1:9090/-/healthy"))).contains("Healthy"));
        assertThat(master.run("journalctl -u prometheus --no-pager"))
                .doesNotContain("err=\"server returned HTTP status 401");
    }

    /** What Alertmanager is told of comes to the program, which knows the token. */
    private static void alertsReachTheProgram(CloudInitMachine master) throws Throwable {
        master.run("amtool --alertmanager.url=http://127.0.0.1:9093 alert add overload alert=overloaded type=docker"
                + " application=idle infra_id=guide");
        master.until(
                "the alert",
                () -> assertThat(master.run(get("127.0.0.1:9093/metrics")))
                        .containsPattern("alertmanager_notifications_total\\{integration=\"webhook\"\\} [1-9]")
                        .containsPattern("alertmanager_notifications_failed_total\\{integration=\"webhook\".*\\} 0"));
    }

    private static String get(String url) {
        return "python3 -c 'import urllib.request as u; print(u.urlopen(\"http://" + url
                + "\", timeout=5).read().decode())'";
    }

    private boolean fromElsewhere(String address, int port) {
        return docker.succeeds(
                "run", "--rm", "micado/busybox:latest", "nc", "-w", "3", address, Integer.toString(port), "-e", "true");
    }
}
