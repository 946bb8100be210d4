package io.micado.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.spi.UserData;
import io.micado.api.worker.Tags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User data of workers. */
class WorkerCloudInitTest {

    private static Map<String, Object> json(String document, String path) throws IOException {
        return JSON.std.mapFrom(Documents.file(document, path));
    }

    @Test
    void parametersArriveAsTheyAreWhateverIsInThem() throws IOException {
        Map<String, Object> parameters = json(Documents.render(WorkerCloudInit.standard()), "/etc/micado/worker.json");
        assertThat(parameters.get("labels")).isEqualTo(Map.of(Tags.WORKER, "w-1", Tags.POOL, Documents.ODD));
        assertThat(parameters.get("managers")).isEqualTo(Documents.join().managers());
        assertThat(parameters).doesNotContainKeys("nodeExporter", "cAdvisor", "consul", "advertise");
    }

    @Test
    void nothingThatSomebodyNamesIsPartOfACommand() {
        Map<?, ?> document = Documents.parse(Documents.render(WorkerCloudInit.standard()));
        assertThat(document.get("runcmd"))
                .isEqualTo(List.of(List.of("/usr/bin/python3", "/usr/local/lib/micado/worker.py")));
        assertThat(document.containsKey("packages")).isFalse();
    }

    @Test
    void aSecretIsInFilesOfMemoryThatOnlyRootReads() {
        String text = Documents.render(Documents.fullWorker());
        for (String secret : List.of(Documents.TOKEN, Documents.KEY)) {
            Matcher place = Pattern.compile(Pattern.quote(secret)).matcher(text);
            assertThat(place.results()).hasSize(1);
            for (Object entry : (List<?>) Documents.parse(text).get("write_files")) {
                Map<?, ?> file = (Map<?, ?>) entry;
                if (String.valueOf(file.get("content")).contains(secret)) {
                    assertThat(String.valueOf(file.get("path"))).startsWith("/run/micado/secrets/");
                    assertThat(file.get("permissions")).isEqualTo("0600");
                }
            }
        }
    }

    @Test
    void noSecretIsShown() {
        WorkerCloudInit worker = Documents.fullWorker();
        String shown = worker + " "
                + worker.userData(Documents.WORKER, Documents.labels(), Documents.join()) + " "
                + worker.document(Documents.labels(), Documents.join()) + " "
                + ConsulAgent.client(Secret.of(Documents.KEY));
        assertThat(shown).doesNotContain(Documents.TOKEN, Documents.KEY, "Welcome");
    }

    @Test
    void onlyManagersAndNamedNetworksReachTheExportersAndNoContainerTheMetadataService() throws IOException {
        Map<String, Object> rules = json(Documents.render(Documents.fullWorker()), "/etc/micado/firewall.json");
        assertThat(rules.get("ports")).isEqualTo(List.of(9100, 9200));
        assertThat(rules.get("allowed"))
                .isEqualTo(List.of("10.0.0.1", "fd00::1", "manager.example", "192.0.2.0/24", "metrics.example"));
        assertThat(rules.get("blocked")).isEqualTo(List.of("169.254.169.254", "fd00:ec2::254"));

        WorkerCloudInit open = WorkerCloudInit.builder().blockMetadata(false).build();
        assertThat(json(Documents.render(open), "/etc/micado/firewall.json").get("blocked"))
                .isEqualTo(List.of());
    }

    @Test
    void consulRegistersWhatTheOriginalRegistered() throws IOException {
        Map<String, Object> agent = json(Documents.render(Documents.fullWorker()), "/run/micado/secrets/consul.json");
        assertThat(agent.get("retry_join")).isEqualTo(List.of("10.0.0.1", "fd00::1", "manager.example"));
        assertThat(agent.get("encrypt")).isEqualTo(Documents.KEY);
        assertThat(agent.get("services").toString())
                .contains("name=worker_cluster, port=9100", "name=app_docker_cluster, port=9200");
    }

    @Test
    void evenTheFullOneFitsIntoWhatTheSmallestCloudTakes() {
        Secret text = Secret.of(Documents.render(Documents.fullWorker()));
        assertThatCode(() -> UserData.fit(text, 16 * 1024)).doesNotThrowAnyException();
        assertThat(UserData.fit(text, 16 * 1024)).hasSizeLessThan(9 * 1024);
    }

    @Test
    void aClusterWithoutAnAddressIsAConfigurationError() {
        JoinInfo nowhere = JoinInfo.of(List.of(), Secret.of("t"));
        assertThatThrownBy(() -> WorkerCloudInit.standard().userData(Documents.WORKER, Map.of(), nowhere))
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-j", "10.0.0.1;reboot", "$(id)", "10.0.0.0/", "10.0.0.0/x", "host\n", "../x"})
    void whatIsNoHostIsRefused(String host) {
        assertThatThrownBy(() -> WorkerCloudInit.builder().monitoringFrom(host))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-o", "a b", "a;b", "A"})
    void whatIsNoPackageIsRefused(String name) {
        assertThatThrownBy(() -> WorkerCloudInit.builder().packages(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settingsSayTheSameAsTheBuilder() {
        Settings settings = Settings.of(Map.ofEntries(
                Map.entry("packages", List.of("htop", "g++")),
                Map.entry("files", Map.of("/etc/motd", "Welcome\n")),
                Map.entry("commands", List.of("echo 1")),
                Map.entry("commandsAfterJoin", "echo 2"),
                Map.entry("nodeExporter", "package"),
                Map.entry("cAdvisor", "package,image:example/cadvisor:1"),
                Map.entry("consul", "image:example/consul:1"),
                Map.entry("consulServers", List.of("10.0.0.9")),
                Map.entry("consulDatacenter", "lab"),
                Map.entry("consulKey", Documents.KEY),
                Map.entry("monitoringFrom", List.of("192.0.2.0/24")),
                Map.entry("blockMetadata", "false"),
                Map.entry("joinFor", "5m"),
                Map.entry("advertise", "eth1")));
        WorkerCloudInit built = WorkerCloudInit.builder()
                .packages("htop", "g++")
                .file(CloudConfigFile.of("/etc/motd", "Welcome\n"))
                .command("/bin/sh", "-c", "echo 1")
                .commandAfterJoin("/bin/sh", "-c", "echo 2")
                .nodeExporter()
                .cAdvisor(Installation.ofPackage("cadvisor").orImage("example/cadvisor:1"))
                .consul(new ConsulAgent(
                        Installation.ofImage("example/consul:1"),
                        "lab",
                        List.of("10.0.0.9"),
                        java.util.Optional.of(Secret.of(Documents.KEY))))
                .monitoringFrom("192.0.2.0/24")
                .blockMetadata(false)
                .joinFor(Duration.ofMinutes(5))
                .advertise("eth1")
                .build();
        assertThat(Documents.render(WorkerCloudInit.from(settings))).isEqualTo(Documents.render(built));
        assertThat(WorkerCloudInit.settings()).extracting(SettingKey::name).containsAll(settings.keys());
        assertThat(Documents.render(WorkerCloudInit.from(Settings.EMPTY)))
                .isEqualTo(Documents.render(WorkerCloudInit.standard()));
    }

    @Test
    void settingsThatAreWrongAreRefusedByTheirKey() {
        assertRefused("nodeExporter", "yes", "must be none, package, image:NAME");
        assertRefused("monitoringFrom", "10.0.0.0/8; reboot", "no network");
        assertRefused("joinFor", "1s", "10 s to 1 h");
        assertRefused("files", Map.of("etc/motd", "x"), "absolute path");
        assertRefused("packages", List.of("--force"), "not the name of a package");
        assertRefused("consulDatacenter", "a b", "");
    }

    private static void assertRefused(String key, Object value, String why) {
        Settings settings = Settings.of(key, value).with("consul", "package");
        if (key.equals("consulDatacenter")) {
            assertThatThrownBy(() -> WorkerCloudInit.from(settings)).isInstanceOf(ConfigurationException.class);
            return;
        }
        assertThatThrownBy(() -> WorkerCloudInit.from(settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(why);
    }

    /** As a generated master leaves it for the file of the program that runs there. */
    @Test
    void theKeyOfConsulMayStandInAFileOfTheMachineThatLaunches(@TempDir Path directory) throws IOException {
        Path key = Files.writeString(directory.resolve("consul-key"), Documents.KEY + "\n");
        WorkerCloudInit worker =
                WorkerCloudInit.from(Settings.of(Map.of("consul", "package", "consulKey", Secret.file(key))));
        assertThat(json(Documents.render(worker), "/run/micado/secrets/consul.json"))
                .containsEntry("encrypt", Documents.KEY);
    }
}
