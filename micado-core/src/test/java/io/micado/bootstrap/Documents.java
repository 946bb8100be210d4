package io.micado.bootstrap;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.Secret;
import io.micado.api.worker.WorkerId;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Documents for tests, and what is in them. Not instantiable. */
final class Documents {
    static final String TOKEN = "SWMTKN-1-marked-0123456789";
    static final String KEY = "bWFya2VkLWNvbnN1bC1rZXk=";
    static final String CONFIGURATION = "cloud:\n  password: marked-password\n";
    static final WorkerId WORKER = new WorkerId("w-1");
    /** What shells, YAML, JSON and Python would stumble over. */
    static final String ODD = "p'; \"$(reboot)\" `id` \\n %s {{x}} # : - ö\ttab";

    private Documents() {}

    static JoinInfo join() {
        return JoinInfo.of(List.of("10.0.0.1:2377", "[fd00::1]:2377", "manager.example:2377"), Secret.of(TOKEN));
    }

    static Map<String, String> labels() {
        return LaunchRequest.engineLabels(WORKER, ODD);
    }

    static WorkerCloudInit fullWorker() {
        return WorkerCloudInit.builder()
                .packages("htop", "g++")
                .file(CloudConfigFile.of("/etc/motd", "Welcome,\n  " + ODD + "\n"))
                .file(CloudConfigFile.executable("/usr/local/bin/hello", "#!/bin/sh\necho hello\n"))
                .command("echo", ODD, "")
                .commandAfterJoin("/bin/sh", "-c", "echo joined >> /root/log")
                .nodeExporter()
                .cAdvisor(Installation.ofPackage("cadvisor").orImage("example/cadvisor:1"))
                .consul(ConsulAgent.client(Secret.of(KEY)))
                .monitoringFrom("192.0.2.0/24", "metrics.example")
                .advertise("eth1")
                .build();
    }

    static MasterCloudInit fullMaster() {
        return MasterCloudInit.builder()
                .advertise("192.0.2.7")
                .packages("htop")
                .command("touch", "/root/it's here")
                .program(
                        URI.create("https://files.example/micado.jar"),
                        "ab".repeat(32),
                        "/etc/micado/micado.yaml",
                        ODD.replace("\t", " "))
                .programFile("/etc/micado/micado.yaml", Secret.of(CONFIGURATION))
                .consul(new ConsulAgent(ConsulAgent.USUAL, "dc1", List.of(), java.util.Optional.of(Secret.of(KEY))))
                .build();
    }

    static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("worker", render(WorkerCloudInit.standard()));
        all.put("full-worker", render(fullWorker()));
        all.put("master", MasterCloudInit.builder().build().userData().reveal());
        all.put("full-master", fullMaster().userData().reveal());
        return all;
    }

    static String render(WorkerCloudInit worker) {
        return worker.userData(WORKER, labels(), join()).orElseThrow().reveal();
    }

    static Map<?, ?> parse(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    /** {@return the content of a file that a document writes} */
    static String file(String yaml, String path) {
        return (String) entry(yaml, path).get("content");
    }

    /** {@return a file that a document writes: its content, permissions and path} */
    static Map<?, ?> entry(String yaml, String path) {
        return ((List<?>) parse(yaml).get("write_files"))
                .stream()
                        .<Map<?, ?>>map(entry -> (Map<?, ?>) entry)
                        .filter(entry -> path.equals(entry.get("path")))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no file " + path));
    }
}
