package io.micado.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micado.api.spi.Secret;
import io.micado.api.spi.UserData;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** User data of a master. */
class MasterCloudInitTest {

    private static Map<String, Object> parameters(MasterCloudInit master) throws IOException {
        return JSON.std.mapFrom(Documents.file(master.userData().reveal(), "/etc/micado/master.json"));
    }

    @Test
    void bringsEverythingThatTheOriginalsMasterHas() throws IOException {
        Map<String, Object> parameters = parameters(Documents.fullMaster());
        assertThat(parameters).containsKeys("prometheus", "alertmanager", "consul", "program", "files");
        assertThat(parameters.get("advertise")).isEqualTo("192.0.2.7");
        Map<?, ?> program = (Map<?, ?>) parameters.get("program");
        assertThat((List<?>) program.get("command"))
                .isEqualTo(List.of(
                        "java",
                        "-jar",
                        "/opt/micado/micado.jar",
                        "/etc/micado/micado.yaml",
                        Documents.ODD.replace("\t", " ")));
        assertThat(program.get("sha256")).isEqualTo("ab".repeat(32));
    }

    @Test
    void leavesOutWhatIsNotWanted() throws IOException {
        MasterCloudInit master =
                MasterCloudInit.builder().withoutPrometheus().withoutConsul().build();
        assertThat(parameters(master)).doesNotContainKeys("prometheus", "alertmanager", "consul", "program");
        assertThat(master.userData().reveal()).doesNotContain("/run/micado/secrets/consul.json");
    }

    @Test
    void theProgramsFilesAreSecretsOnTheirWay() {
        String text = Documents.fullMaster().userData().reveal();
        assertThat(Documents.file(text, "/run/micado/secrets/file-0")).isEqualTo(Documents.CONFIGURATION);
        assertThat(text.split("marked-password", -1)).hasSize(2);
        assertThat(Documents.fullMaster() + " " + Documents.fullMaster().userData())
                .doesNotContain("marked", Documents.KEY);
    }

    @Test
    void prometheusAndAlertmanagerWorkWithTheProgramThatRunsThere() throws IOException {
        MasterCloudInit.Builder builder =
                MasterCloudInit.builder().infrastructure("shop").programPort(5001);
        Map<String, Object> parameters = parameters(builder.build());
        assertThat(configuration(parameters, "prometheus"))
                .contains(
                        "http://127.0.0.1:5001/monitoring/shop/targets?job=worker_cluster",
                        "http://127.0.0.1:5001/monitoring/shop/targets?job=app_docker_cluster",
                        "credentials_file: \"" + parameters.get("token") + "\"");
        assertThat(configuration(parameters, "alertmanager"))
                .contains("http://127.0.0.1:5001/monitoring/shop/alerts", "credentials_file");

        Map<String, Object> elsewhere = parameters(
                builder.alertWebhook(URI.create("https://alerts.example/x")).build());
        assertThat(configuration(elsewhere, "alertmanager"))
                .contains("https://alerts.example/x")
                .doesNotContain("credentials_file");
    }

    @Test
    void packagesMayComeFromElsewhere() {
        String source = "deb [signed-by=/etc/apt/keyrings/x.asc] https://packages.example stable main\n";
        String text = MasterCloudInit.builder()
                .file(CloudConfigFile.of("/etc/apt/sources.list.d/x.list", source))
                .build()
                .userData()
                .reveal();
        assertThat(Documents.file(text, "/etc/apt/sources.list.d/x.list")).isEqualTo(source);
    }

    private static String configuration(Map<String, Object> parameters, String part) {
        return (String) ((Map<?, ?>) parameters.get(part)).get("configuration");
    }

    @Test
    void laterChangesOfTheBuilderDoNotReachWhatWasBuilt() {
        MasterCloudInit.Builder builder = MasterCloudInit.builder();
        MasterCloudInit master = builder.build();
        String before = master.userData().reveal();
        builder.packages("htop").programFile("/etc/x", Secret.of("y")).withoutConsul();
        assertThat(master.userData().reveal()).isEqualTo(before);
    }

    @Test
    void fitsIntoWhatTheSmallestCloudTakes() {
        assertThat(UserData.fit(Documents.fullMaster().userData(), 16 * 1024)).hasSizeLessThan(10 * 1024);
    }

    @Test
    void whatAUserConfiguresMayBeASecretAndIsForRootAlone() throws IOException {
        Secret configuration =
                Secret.of("remote_write: [{url: x, basic_auth: {username: u, password: marked-remote}}]");
        MasterCloudInit master = MasterCloudInit.builder()
                .prometheusConfiguration(configuration)
                .alertWebhook(Secret.of("https://alerts.example/marked-hook"))
                .program(Secret.of("https://files.example/x.jar?signature=marked-signature"), "ab".repeat(32), "x.yaml")
                .build();
        String text = master.userData().reveal();
        assertThat(Documents.entry(text, "/etc/micado/master.json").get("permissions"))
                .isEqualTo("0600");
        Map<String, Object> parameters = parameters(master);
        assertThat(configuration(parameters, "prometheus")).isEqualTo(configuration.reveal());
        assertThat(configuration(parameters, "alertmanager")).contains("https://alerts.example/marked-hook");
        assertThat(((Map<?, ?>) parameters.get("program")).get("url"))
                .isEqualTo("https://files.example/x.jar?signature=marked-signature");
        assertThat(master + " " + master.userData()).doesNotContain("marked");
        for (String secret : List.of("marked-remote", "marked-hook", "marked-signature")) {
            assertThat(text.split(secret, -1)).as("places of " + secret).hasSize(2);
        }
    }

    @Test
    void workersJoinAtAnAddressAndNotAtAName() {
        MasterCloudInit.Builder builder = MasterCloudInit.builder().advertise("2001:db8::1");
        assertThatThrownBy(() -> builder.advertise("master.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("advertise must be an IP address, got \"master.example\"");
    }

    @Test
    void aDownloadNeedsHttpsAndAChecksum() {
        MasterCloudInit.Builder builder = MasterCloudInit.builder();
        assertThatThrownBy(() -> builder.program(URI.create("http://files.example/x.jar"), "ab".repeat(32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https");
        assertThatThrownBy(() -> builder.program(URI.create("https://files.example/x.jar"), "1234"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sha256");
        assertThatThrownBy(() -> builder.program("java", "a\nExecStartPost=reboot"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("control characters");
    }
}
